import { Link } from "react-router";
import { Page } from "../ui/Page";

export function NotFound() {
  return (
    <Page title="Not found">
      <div className="panel">
        <h1 tabIndex={-1}>There is no such page</h1>
        <p>The address may be mistyped, or the page may have moved.</p>
        <p className="actions">
          <Link className="button button-primary" to="/">
            Start page
          </Link>
        </p>
      </div>
    </Page>
  );
}
