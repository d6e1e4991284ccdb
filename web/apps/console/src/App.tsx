import { AuthWrapper, Impersonation, LockstepProvider, type Navigate as NavigateTo } from "@lockstep/react";
import { lazy, Suspense, useCallback, useEffect, useRef } from "react";
import { Route, Routes, useLocation, useNavigate } from "react-router";
import { ErrorBoundary } from "./ui/ErrorBoundary";
import { PageSkeleton } from "./ui/PageSkeleton";
import { Home } from "./pages/Home";
import { Login } from "./pages/Login";
import { NotFound } from "./pages/NotFound";
import { SignedOut } from "./pages/SignedOut";

const Dashboard = lazy(() => import("./dashboard/Dashboard"));

export function App() {
  const go = useNavigate();
  const navigate = useCallback<NavigateTo>(
    (path, options) => {
      void go(path, options);
    },
    [go],
  );
  return (
    <LockstepProvider navigate={navigate}>
      <Impersonation />
      <FocusOnRoute />
      <ErrorBoundary>
        <Routes>
          <Route path="/" element={<Home />} />
          <Route path="/login" element={<Login purpose="sign-in" />} />
          <Route path="/register" element={<Login purpose="register" />} />
          <Route
            path="/dashboard"
            element={
              <AuthWrapper redirectTo="/login" fallback={<PageSkeleton />}>
                <Suspense fallback={<PageSkeleton />}>
                  <Dashboard />
                </Suspense>
              </AuthWrapper>
            }
          />
          <Route path="/signed-out" element={<SignedOut />} />
          <Route path="*" element={<NotFound />} />
        </Routes>
      </ErrorBoundary>
    </LockstepProvider>
  );
}

/** After a change of page the heading takes the focus, so that a screen reader says where one is. */
function FocusOnRoute() {
  const { pathname } = useLocation();
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    document.querySelector<HTMLElement>("h1")?.focus();
  }, [pathname]);
  return null;
}
