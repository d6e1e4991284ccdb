import type { MirroredUser } from "@lockstep/react";
import { Card } from "../ui/Card";
import { Checklist } from "./Checklist";
import { DropForm } from "./DropForm";
import { RenameForm } from "./RenameForm";

/** Only in the demo: what can be done to WorkOS from here, and what to watch meanwhile. */
export function DemoPanel({ user }: { user: MirroredUser }) {
  return (
    <Card title="Try it" note="demo" what="the demo panel" className="card-demo">
      <p className="small">
        Open a second window beside this one. Then change something <em>in WorkOS</em> and watch both: the change goes out as
        a webhook, is merged into your row, and comes back here by itself.
      </p>
      <RenameForm key={user.workosUserId} user={user} />
      <DropForm changedAt={user.updatedAt} />
      <Checklist user={user} />
    </Card>
  );
}
