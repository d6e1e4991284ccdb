CREATE TABLE app.projects (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id text NOT NULL,
  name text COLLATE "C" NOT NULL CHECK (name <> ''),
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX projects_by_age ON app.projects (organization_id, created_at, id);
CREATE INDEX projects_by_name ON app.projects (organization_id, name, id);

-- From here on every change of the table reaches the pages that show it, by whomever it is made.
CALL lockstep.watch('app.projects', 'id', 'organization_id', 'created_at', 'name');
