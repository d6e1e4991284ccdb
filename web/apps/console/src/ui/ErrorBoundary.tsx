import { Component, type ReactNode } from "react";

interface Props {
  readonly children: ReactNode;
  /** What could not be shown, for the sentence: "the sessions". */
  readonly what?: string;
}

/** Keeps one broken part from taking the page with it. Trying again subscribes anew. */
export class ErrorBoundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <div className="notice" role="alert">
        <p>Could not show {this.props.what ?? "this page"} just now.</p>
        <button type="button" className="button" onClick={() => { this.setState({ failed: false }); }}>
          Try again
        </button>
      </div>
    );
  }
}
