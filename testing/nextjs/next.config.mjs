/** Nothing is fetched, and nothing is told to anybody: the tests run without a network. */
export default {
  devIndicators: false,
  turbopack: { root: import.meta.dirname },
};
