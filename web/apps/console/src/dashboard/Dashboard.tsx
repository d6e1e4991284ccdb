import { useConnection, useLockstep } from "@lockstep/react";
import { useSignInConfig } from "../lib/config";
import { Card } from "../ui/Card";
import { useTitle } from "../ui/Page";
import { Skeleton } from "../ui/Skeleton";
import { DemoPanel } from "./DemoPanel";
import { Header } from "./Header";
import { MembersCard } from "./MembersCard";
import { NameForm } from "./NameForm";
import { ProfileCard } from "./ProfileCard";
import { RowCard } from "./RowCard";
import { SessionsCard } from "./SessionsCard";
import { Syncing } from "./Syncing";

export default function Dashboard() {
  useTitle("Dashboard");
  const { workosUser, user, error } = useLockstep();
  const config = useSignInConfig();
  const hello = user?.firstName ?? workosUser?.firstName ?? user?.displayName ?? workosUser?.displayName ?? "";
  return (
    <div className="dash">
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <Header />
      <OfflineBanner />
      <main id="main" className="dash-main">
        <div className="dash-hello">
          <h1 tabIndex={-1}>Hello, {hello}</h1>
          <p className="muted">Every value below is read from the database by a live query.</p>
        </div>
        <div className={config?.demo === true ? "dash-columns dash-columns-demo" : "dash-columns"}>
          <div className="dash-column">
            <Card title="Your row" what="your row" className="card-row">
              {user !== null ? <RowCard user={user} /> : error !== null ? <RowFailed /> : <Syncing />}
            </Card>
            <Card title="Profile" note="yours to edit" what="your profile">
              {user !== null ? (
                <>
                  <NameForm key={user.workosUserId} user={user} />
                  <ProfileCard user={user} />
                </>
              ) : (
                <Skeleton lines={3} label="Profile is loading" />
              )}
            </Card>
            <SessionsCard />
            <MembersCard organization={user?.organization?.name ?? null} />
          </div>
          {config?.demo === true && user !== null && (
            <aside className="dash-aside">
              <DemoPanel user={user} />
            </aside>
          )}
        </div>
      </main>
    </div>
  );
}

function RowFailed() {
  return (
    <p className="notice notice-bad" role="alert">
      The live query for your row failed. It is asked again as soon as something changes.
    </p>
  );
}

/** Only when the socket itself has been down for a while; a short break passes without a word. */
function OfflineBanner() {
  const { status, queued } = useConnection();
  return (
    <div role="status" aria-live="polite">
      {status === "offline" && (
        <p className="banner">
          The connection is down. What you see may be out of date
          {queued > 0 ? `; ${queued === 1 ? "one change waits" : `${queued} changes wait`} and will be sent in order.` : "."}
        </p>
      )}
    </div>
  );
}
