import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { App } from "./App";
import "./styles/index.css";

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no #root element to draw into.");
createRoot(root).render(
  <BrowserRouter>
    <App />
  </BrowserRouter>,
);
