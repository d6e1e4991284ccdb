package dev.lockstep.server.cli;

import dev.lockstep.sync.inbox.InboxLog;
import dev.lockstep.workos.webhook.WebhookPost;
import dev.lockstep.workos.webhook.WebhookSecret;
import java.io.PrintWriter;
import java.net.URI;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code webhooks forward}: recorded events as webhooks to another address, signed anew. */
@Command(
        name = "forward",
        mixinStandardHelpOptions = true,
        description =
                "Delivers recorded events to an address, in the order they came, signed anew: to a developer's machine,"
                        + " or to a second system. The inbox stays as it is.",
        footer = {
            "",
            "Stops at the first event that is not taken and says where to go on. Exit code 1 then, or when there was none."
        })
final class WebhooksForwardCommand implements Callable<Integer> {
    private static final int PAGE = 100;

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    Target target = new Target();

    @Mixin
    Chosen chosen = new Chosen();

    @Option(names = "--url", required = true, description = "Where to deliver.")
    URI url = URI.create("about:blank");

    @Option(names = "--event", description = "Only this event.")
    @Nullable
    String event;

    @Option(names = "--after", defaultValue = "0", description = "Begin behind this seq.")
    long after;

    @Option(names = "--limit", defaultValue = "0", description = "At most so many (default: all).")
    long limit;

    @Option(names = "--secret", description = "What to sign with (default: the configured webhook secret).")
    @Nullable
    String secret;

    @Option(names = "--json", description = "One JSON object.")
    boolean json;

    @Override
    public Integer call() {
        if (spec != null && url.getHost() == null) {
            throw new ParameterException(spec.commandLine(), "--url is no web address");
        }
        WebhookSecret signing = secret != null
                ? new WebhookSecret(secret)
                : target.webhookSecret()
                        .orElseThrow(() -> new IllegalStateException(
                                "No webhook secret is configured; set WORKOS_WEBHOOK_SECRET, or give --secret"));
        try (WebhookPost post = WebhookPost.open(signing, InstantSource.system())) {
            return forward(new InboxLog(target.database()), post);
        }
    }

    private int forward(InboxLog inbox, WebhookPost post) {
        long delivered = 0;
        long at = after;
        List<InboxLog.Recorded> page;
        do {
            page = inbox.recorded(event, chosen.selection(), at, PAGE);
            for (InboxLog.Recorded recorded : page) {
                if (limit > 0 && delivered == limit) {
                    return report(delivered, at, null);
                }
                WebhookPost.Outcome outcome = post.send(url, recorded.body());
                if (!(outcome instanceof WebhookPost.Outcome.Answered answered) || !answered.delivered()) {
                    return report(delivered, at, recorded.line().key() + " was not taken: " + outcome);
                }
                delivered++;
                at = recorded.line().seq();
            }
        } while (page.size() == PAGE);
        return report(delivered, at, null);
    }

    private int report(long delivered, long at, @Nullable String trouble) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("delivered", delivered);
        row.put("go_on_after", at);
        row.put("trouble", trouble);
        PrintWriter out = EventsCommand.out(spec);
        Rows.print(out, List.of(row), json);
        return trouble == null && delivered > 0 ? 0 : 1;
    }
}
