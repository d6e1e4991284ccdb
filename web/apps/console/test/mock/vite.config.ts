import react from "@vitejs/plugin-react";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { defineConfig, type Connect, type Plugin } from "vite";
import { WebSocketServer } from "ws";
import { answer } from "../../../../packages/react/test/standin/http";
import { LiveStandIn } from "../../../../packages/react/test/standin/live";
import { World } from "../../../../packages/react/test/standin/world";

const POLICY =
  "default-src 'self'; connect-src 'self' ws: wss:; style-src 'self'; script-src 'self'; img-src 'self' https: data:; base-uri 'none'; frame-ancestors 'none'";

/** Serves the built pages, under the strict policy, over a stand-in for the server. For looking, not for proving. */
function standIn(): Plugin {
  const world = new World(() => Date.now());
  world.notifications = [
    { id: "n1", subject: "Welcome", message: "Your account is ready.", createdAt: new Date().toISOString(), read: false },
  ];
  world.signIn("ada@acme.test", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/605.1");
  const live = new LiveStandIn(world);
  return {
    name: "lockstep-stand-in",
    configurePreviewServer(server) {
      const sockets = new WebSocketServer({ noServer: true });
      (server.httpServer as Server).on("upgrade", (request, socket, head) => {
        if (!/^\/api\/[^/]+\/sync$/.test(request.url ?? "")) return;
        sockets.handleUpgrade(request, socket, head, (ws) => {
          const talk = live.open({
            send: (text) => { ws.send(text); },
            close: (code, reason) => { ws.close(code === 1006 ? 1001 : code, reason); },
          });
          ws.on("message", (data: Buffer) => { talk.hear(data.toString()); });
          ws.on("close", () => { talk.closed(); });
        });
      });
      server.middlewares.use(middleware(world));
    },
  };
}

function middleware(world: World): Connect.NextHandleFunction {
  return (request, response, next) => {
    response.setHeader("Content-Security-Policy", POLICY);
    void respond(world, request, response).then((done) => {
      if (!done) next();
    }, next);
  };
}

async function respond(world: World, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const url = new URL(request.url ?? "/", "http://standin.test");
  if (url.pathname === "/api/auth/login" || url.pathname === "/mock-sign-in") {
    const session = world.signIn(url.searchParams.get("loginHint") ?? "ada@acme.test", request.headers["user-agent"]);
    const location = url.searchParams.get("returnTo") ?? "/dashboard";
    response.writeHead(302, { Location: location, "Set-Cookie": `standin=${session.id}; Path=/; HttpOnly; SameSite=Lax` }).end();
    return true;
  }
  let text = "";
  for await (const chunk of request) text += String(chunk);
  const reply = answer(world, {
    method: request.method ?? "GET",
    url,
    sessionId: /(?:^|; )standin=([^;]+)/.exec(request.headers.cookie ?? "")?.[1] ?? null,
    csrf: (request.headers["x-csrf-token"] as string | undefined) ?? null,
    body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
  });
  if (reply === null) return false;
  response.writeHead(reply.status, { "Content-Type": "application/json", ...reply.headers }).end(JSON.stringify(reply.body));
  return true;
}

export default defineConfig({ root: `${import.meta.dirname}/../..`, plugins: [react(), standIn()] });
