export { AccessTokens } from "./accessTokens";
export { claimsOf, type TokenClaims } from "./claims";
export { SessionKeeper, type KeeperOptions } from "./keeper";
export type { Reply } from "./reply";
export { localPath, signInHref } from "./returnTo";
export { sessionKey, type DefaultRole, type EndReason, type OwnMembership, type OwnOrganization, type Session, type SessionState, type WorkOSUser } from "./state";
export { broadcastTabs, type OpenTabs, type TabMessage, type Tabs } from "./tabs";
export type { Wait } from "./pause";
