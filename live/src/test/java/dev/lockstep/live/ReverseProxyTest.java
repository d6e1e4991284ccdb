package dev.lockstep.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.live.client.LiveClient;
import dev.lockstep.live.client.LiveClientSettings;
import dev.lockstep.live.client.LiveResult;
import dev.lockstep.testing.PostgresExtension;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The live room behind nginx with TLS, as most people run it: the genuine client and the Java one, and nginx restarted. */
class ReverseProxyTest {
    private static final Path NGINX = Path.of("/usr/sbin/nginx");
    private static final Path CLIENTS = Path.of("..", "testing", "clients");
    private static final String PASSWORD = "changeit";
    private static final String CONFIGURATION = """
            daemon off;
            pid %1$s/nginx.pid;
            error_log %1$s/error.log warn;
            events { worker_connections 256; }
            http {
              access_log off;
              client_body_temp_path %1$s/body;
              proxy_temp_path %1$s/proxy;
              fastcgi_temp_path %1$s/fastcgi;
              uwsgi_temp_path %1$s/uwsgi;
              scgi_temp_path %1$s/scgi;
              map $http_upgrade $connection_upgrade { default upgrade; '' close; }
              server {
                listen 127.0.0.1:%2$d ssl;
                ssl_certificate %1$s/cert.pem;
                ssl_certificate_key %1$s/key.pem;
                location / {
                  proxy_pass http://127.0.0.1:%3$d;
                  proxy_http_version 1.1;
                  proxy_set_header Host $host;
                  proxy_set_header Upgrade $http_upgrade;
                  proxy_set_header Connection $connection_upgrade;
                  proxy_read_timeout 75s;
                }
              }
            }
            """;

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("live", LiveHouse::prepare);

    @TempDir
    Path folder;

    private LiveHouse house;
    private SyncServer server;
    private Process nginx;
    private int port;
    private SSLContext trust;

    @BeforeEach
    void open() throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(NGINX),
                "NOTHING WAS TESTED BEHIND A REVERSE PROXY: nginx is not installed (Debian: apt-get install nginx-light)");
        house = new LiveHouse(postgres.dataSource());
        server = new SyncServer(house, 0);
        certificate();
        port = freePort();
        Files.writeString(folder.resolve("nginx.conf"), CONFIGURATION.formatted(folder, port, server.port()));
        startNginx();
    }

    @AfterEach
    void close() throws Exception {
        if (nginx != null) {
            stopNginx();
            server.close();
            house.close();
        }
    }

    private void certificate() throws Exception {
        Path store = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "RSA",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost,ip:127.0.0.1",
                        "-ext",
                        "BC=ca:true",
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-validity",
                        "2")
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        pem("cert.pem", "CERTIFICATE", keys.getCertificate("a").getEncoded());
        pem(
                "key.pem",
                "PRIVATE " + "KEY",
                keys.getKey("a", PASSWORD.toCharArray()).getEncoded());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("a", keys.getCertificate("a"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        trust = SSLContext.getInstance("TLS");
        trust.init(null, managers.getTrustManagers(), null);
    }

    private void pem(String file, String kind, byte[] bytes) throws Exception {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(
                folder.resolve(file), "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void startNginx() throws Exception {
        nginx = new ProcessBuilder(
                        NGINX.toString(), "-c", folder.resolve("nginx.conf").toString())
                .inheritIO()
                .start();
        for (int attempt = 0; ; attempt++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(socket.isConnected()).isTrue();
                return;
            } catch (java.net.ConnectException notYet) {
                assertThat(nginx.isAlive() && attempt < 500).as("nginx listens").isTrue();
                java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
            }
        }
    }

    private void stopNginx() throws Exception {
        List<ProcessHandle> workers = nginx.descendants().toList();
        nginx.destroy();
        nginx.waitFor();
        workers.forEach(worker -> worker.onExit().join());
    }

    @Test
    void theJavaClientFollowsThroughTheProxyAndComesBackWhenItIsRestarted() throws Exception {
        HttpClient http = HttpClient.newBuilder().sslContext(trust).build();
        List<LiveResult> results = new CopyOnWriteArrayList<>();
        LiveClientSettings settings = LiveClientSettings.of(URI.create("https://localhost:" + port))
                .withPatience(Duration.ofMillis(50), Duration.ofMillis(500));
        try (LiveClient client = new LiveClient(settings, http, new Random(7)).start()) {
            client.subscribe("counters:sum", Map.of(), results::add);
            Map<String, Object> add = Map.of("name", "a", "by", 1.0);
            assertThat(client.mutate("counters:add", add).get(20, TimeUnit.SECONDS))
                    .isEqualTo(1.0);
            stopNginx();
            var queued = client.mutate("counters:add", add);
            startNginx();
            assertThat(queued.get(30, TimeUnit.SECONDS)).isEqualTo(2.0);
        }
        assertThat(results.getLast()).isEqualTo(new LiveResult.Value(2.0));
        assertThat(house.mutationRuns).hasValue(2);
    }

    @Test
    void theGenuineClientIsOptimisticThroughTheProxyWithoutAFlicker() throws Exception {
        Assumptions.assumeTrue(
                Files.isDirectory(CLIENTS.resolve("node_modules").resolve("convex")),
                "the genuine npm packages are not installed: run `npm ci` in testing/clients");
        ProcessBuilder node = new ProcessBuilder("node", "live-optimistic.mjs", "https://localhost:" + port)
                .directory(CLIENTS.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        node.environment().put("NODE_EXTRA_CA_CERTS", folder.resolve("cert.pem").toString());
        Process program = node.start();
        String out = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(program.waitFor()).isZero();
        JsonNode seen = JsonMapper.shared().readTree(out.substring(out.indexOf("seen ") + 5));
        List<Integer> values =
                seen.get("values").valueStream().map(JsonNode::intValue).toList();
        assertThat(values).isSorted().startsWith(0).endsWith(60);
    }
}
