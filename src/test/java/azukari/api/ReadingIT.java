package azukari.api;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.Answer;
import azukari.testing.ApiClient;
import azukari.testing.ApiClient.Response;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Everything that can be read: lists and their pages, ledgers, chains, notifications, the catalogue, health. */
class ReadingIT {
    private final Contract contract = Contract.shared();
    private final ApiClient api = contract.api;
    private final String submitter = Contract.unique();

    @Test
    void jobs_are_listed_newest_first_in_pages() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(noop());
        }
        Collections.reverse(ids);

        JsonNode first = page("jobs?submitter=" + submitter + "&limit=2");
        JsonNode second = page("jobs?submitter=" + submitter + "&limit=2&after=" + next(first));
        JsonNode third = page("jobs?submitter=" + submitter + "&limit=2&after=" + next(second));

        assertThat(ids(first)).isEqualTo(ids.subList(0, 2));
        assertThat(ids(second)).isEqualTo(ids.subList(2, 4));
        assertThat(ids(third)).isEqualTo(ids.subList(4, 5));
        assertThat(third.path("next").isNull()).isTrue();
        // Newer jobs precede the first page and do not shift the others.
        String later = noop();
        assertThat(ids(page("jobs?submitter=" + submitter + "&limit=2&after=" + next(first))))
                .isEqualTo(ids.subList(2, 4));
        assertThat(ids(page("jobs?submitter=" + submitter))).startsWith(later).hasSize(6);
    }

    @Test
    void the_default_page_has_fifty_jobs() {
        for (int i = 0; i < 51; i++) {
            noop();
        }
        assertThat(ids(page("jobs?submitter=" + submitter))).hasSize(50);
        assertThat(ids(page("jobs?submitter=" + submitter + "&limit=500"))).hasSize(51);
    }

    @Test
    void every_filter_works() {
        String requestId = Contract.unique();
        String root = contract.accept(Map.of(
                        "code",
                        "START_EC2",
                        "requestId",
                        requestId,
                        "submitter",
                        submitter,
                        "body",
                        Map.of("instanceId", "i", "seconds", 0)))
                .path("id")
                .asString();
        contract.awaitNotification(submitter, root);
        String noop = noop();
        contract.awaitEnd(noop);

        String mine = "submitter=" + submitter;
        List<String> chain = ids(page("jobs?root=" + root));
        assertThat(chain).hasSize(2).endsWith(root);
        String alarm = chain.get(0);
        assertThat(ids(page("jobs?" + mine))).containsExactly(noop, alarm, root);
        assertThat(ids(page("jobs?code=START_EC2&" + mine))).containsExactly(root);
        assertThat(ids(page("jobs?code=NOPE&" + mine))).isEmpty();
        assertThat(ids(page("jobs?parent=" + root))).containsExactly(alarm);
        assertThat(ids(page("jobs?requestId=" + requestId))).containsExactly(root);
        assertThat(ids(page("jobs?state=SUCCEEDED&" + mine))).contains(noop, root);
        assertThat(ids(page("jobs?state=FAILED&" + mine))).isEmpty();
        assertThat(ids(page("jobs?state=CANCELLED&" + mine))).isEmpty();
        assertThat(ids(page("jobs?state=SUCCEEDED&code=NOOP&root=" + noop + "&" + mine + "&limit=1")))
                .containsExactly(noop);
        assertThat(ids(page("jobs?channel=north&" + mine))).isEmpty();
        assertThat(ids(page("jobs?submitter=" + submitter + "%27%20OR%201=1"))).isEmpty();
    }

    @Test
    void the_ledger_lists_every_run() {
        String id = noop();
        contract.awaitEnd(id);
        List<JsonNode> runs = api.runs(id);
        assertThat(runs).hasSize(1);
        JsonNode run = runs.get(0);
        assertThat(run.path("number").asInt()).isEqualTo(1);
        assertThat(run.path("attempt").asInt()).isEqualTo(1);
        assertThat(run.path("counts").asBoolean()).isTrue();
        assertThat(run.path("node").asString()).isEqualTo("contract");
        assertThat(run.path("startedAt").asString()).matches(Contract.TIME);
        assertThat(run.path("endedAt").asString()).matches(Contract.TIME);
        assertThat(run.path("outcome").asString()).isEqualTo("SUCCEEDED");
        assertThat(run.path("error").isNull()).isTrue();
    }

    @Test
    void the_ledger_is_listed_in_pages() {
        String id = contract.call("CALL", submitter, () -> Answer.status(500))
                .path("id")
                .asString();
        contract.awaitEnd(id);

        for (int run = 1; run <= 3; run++) {
            JsonNode page = page("jobs/" + id + "/runs?limit=1&after=" + (run - 1));
            assertThat(items(page)).singleElement().isEqualTo(api.runs(id).get(run - 1));
            assertThat(items(page).get(0).path("number").asInt()).isEqualTo(run);
            assertThat(page.path("next").asString("")).isEqualTo(run < 3 ? Integer.toString(run) : "");
        }
        assertThat(items(page("jobs/" + id + "/runs?limit=2"))).hasSize(2);
        JsonNode beyond = page("jobs/" + id + "/runs?limit=1&after=3");
        assertThat(items(beyond)).isEmpty();
        assertThat(beyond.path("next").isNull()).isTrue();
    }

    @Test
    void a_job_that_has_not_run_has_no_runs() {
        String id = contract.accept(Map.of("code", "NOOP", "submitter", submitter, "notBefore", "2040-01-01T00:00:00Z"))
                .path("id")
                .asString();
        assertThat(api.runs(id)).isEmpty();
    }

    @Test
    void a_running_job_shows_its_run_and_progress() {
        String id = contract.accept(Map.of(
                        "code", "START_EC2", "submitter", submitter, "body", Map.of("instanceId", "i", "seconds", 2)))
                .path("id")
                .asString();
        JsonNode running =
                contract.await(id, job -> job.path("progress").path("percent").asInt(0) > 0);
        assertThat(running.path("state").asString()).isEqualTo("RUNNING");
        assertThat(running.path("startedAt").asString()).matches(Contract.TIME);
        assertThat(running.path("finishedAt").isNull()).isTrue();
        assertThat(running.path("progress").path("percent").asInt()).isBetween(1, 100);
        assertThat(running.path("progress").path("message").asString()).isNotBlank();
        JsonNode run = api.runs(id).get(0);
        assertThat(run.path("number").asInt()).isEqualTo(1);
        assertThat(run.path("endedAt").isNull()).isTrue();
        assertThat(run.path("outcome").isNull()).isTrue();
        assertThat(contract.awaitEnd(id).path("state").asString()).isEqualTo("SUCCEEDED");
    }

    @Test
    void the_chain_starts_at_its_root_whichever_job_is_asked() {
        String root = contract.accept(Map.of(
                        "code",
                        "START_EC2",
                        "submitter",
                        submitter,
                        "body",
                        Map.of("instanceId", "i", "seconds", 0, "fail", true)))
                .path("id")
                .asString();
        JsonNode notification = contract.awaitNotification(submitter, root);

        JsonNode chain = api.chain(root);
        assertThat(chain.propertyNames()).containsExactlyInAnyOrder("job", "emitted", "children");
        assertThat(chain.path("job").path("id").asString()).isEqualTo(root);
        assertThat(chain.path("job").path("state").asString()).isEqualTo("FAILED");
        assertThat(chain.path("job").path("error").path("kind").asString()).isEqualTo("HANDLER");
        assertThat(chain.path("children").size()).isZero();
        assertThat(chain.path("emitted").size()).isEqualTo(1);
        JsonNode alarm = chain.path("emitted").get(0).path("job");
        assertThat(alarm.path("code").asString()).isEqualTo("CREATE_ALARM");
        assertThat(alarm.path("parent").asString()).isEqualTo(root);
        assertThat(alarm.path("root").asString()).isEqualTo(root);
        assertThat(alarm.path("submitter").asString()).isEqualTo(submitter);
        assertThat(notification.path("alarm").asString())
                .isEqualTo(alarm.path("id").asString());

        contract.awaitEnd(alarm.path("id").asString());
        assertThat(api.chain(alarm.path("id").asString())).isEqualTo(api.chain(root));
    }

    @Test
    void notifications_are_listed_in_order_after_a_cursor() {
        JsonNode empty = page("notifications?submitter=" + submitter);
        assertThat(empty.path("items").size()).isZero();
        assertThat(next(empty)).isNotBlank();

        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String id = contract.accept(Map.of(
                            "code",
                            "START_EC2",
                            "requestId",
                            submitter + i,
                            "submitter",
                            submitter,
                            "body",
                            Map.of("instanceId", "i", "seconds", 0, "fail", i == 1)))
                    .path("id")
                    .asString();
            contract.awaitNotification(submitter, id);
            jobs.add(id);
        }

        JsonNode first = page("notifications?submitter=" + submitter + "&limit=2");
        JsonNode second = page("notifications?submitter=" + submitter + "&limit=2&after=" + next(first));
        JsonNode third = page("notifications?submitter=" + submitter + "&limit=2&after=" + next(second));
        assertThat(Stream.concat(items(first).stream(), items(second).stream())
                        .map(item -> item.path("job").asString()))
                .containsExactlyElementsOf(jobs);
        assertThat(items(third)).isEmpty();
        assertThat(next(third)).isEqualTo(next(second));
        assertThat(items(page("notifications?submitter=" + submitter + "&after=" + next(empty))))
                .hasSize(3);
        assertThat(items(page("notifications?submitter=nobody-" + submitter))).isEmpty();

        JsonNode told = items(first).get(0);
        assertThat(told.path("id").asString()).matches(Contract.UUID_V7);
        assertThat(told.path("code").asString()).isEqualTo("START_EC2");
        assertThat(told.path("requestId").asString()).isEqualTo(submitter + "0");
        assertThat(told.path("outcome").asString()).isEqualTo("SUCCEEDED");
        assertThat(told.path("submitter").asString()).isEqualTo(submitter);
        assertThat(told.path("createdAt").asString()).matches(Contract.TIME);
        assertThat(told.path("result").path("instanceId").asString()).isEqualTo("i");
        assertThat(told.path("error").isNull()).isTrue();
        JsonNode failed = items(first).get(1);
        assertThat(failed.path("outcome").asString()).isEqualTo("FAILED");
        assertThat(failed.path("error").path("kind").asString()).isEqualTo("HANDLER");
    }

    @Test
    void the_catalogue_is_listed() {
        Response response = api.get("event-types");
        List<String> codes = items(response.body()).stream()
                .map(type -> type.path("code").asString())
                .toList();
        assertThat(codes).contains("NOOP", "START_EC2", "CREATE_ALARM", "CALL").isSorted();

        JsonNode one = api.get("event-types/START_EC2").body();
        assertThat(one).isEqualTo(items(response.body()).get(codes.indexOf("START_EC2")));
        assertThat(one.path("title").asString()).isNotBlank();
        assertThat(one.path("description").asString()).isNotBlank();
        assertThat(one.path("owner").asString()).isNotBlank();
        assertThat(one.path("body").path("required").get(0).asString()).isEqualTo("instanceId");
        assertThat(one.path("examples").size()).isPositive();
        assertThat(one.path("lane").asString()).isEqualTo("long");
        assertThat(one.path("onSucceeded").get(0).asString()).isEqualTo("CREATE_ALARM");
        assertThat(one.path("handler").path("bean").asString()).isEqualTo("startEc2");
        JsonNode call = api.get("event-types/CALL").body();
        assertThat(call.path("handler")
                        .path("http")
                        .path("headers")
                        .path("X-Shop")
                        .asString())
                .isEqualTo("***");
    }

    @Test
    void health_reports_every_check() {
        assertThat(api.get("health/live").status()).isEqualTo(200);
        Response ready = api.get("health/ready");
        assertThat(ready.status()).isEqualTo(200);
        List<String> names = new ArrayList<>();
        ready.body().path("checks").forEach(check -> {
            names.add(check.path("name").asString());
            assertThat(check.path("status").asString()).isEqualTo("UP");
            assertThat(check.path("detail").asString()).isNotBlank();
        });
        assertThat(names).containsExactly("database", "catalogue", "broker", "node", "runs", "loops");
    }

    @Test
    void head_is_get_without_the_body() {
        Response head = api.send("HEAD", "jobs?limit=1", null, Map.of());
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body().isMissingNode()).isTrue();
    }

    private String noop() {
        return contract.accept(Map.of("code", "NOOP", "submitter", submitter))
                .path("id")
                .asString();
    }

    private JsonNode page(String path) {
        Response response = api.get(path);
        assertThat(response.status()).as("%s", response.body()).isEqualTo(200);
        return response.body();
    }

    private static String next(JsonNode page) {
        return page.path("next").asString();
    }

    private static List<JsonNode> items(JsonNode page) {
        List<JsonNode> items = new ArrayList<>();
        page.path("items").forEach(items::add);
        return items;
    }

    private static List<String> ids(JsonNode page) {
        return items(page).stream().map(item -> item.path("id").asString()).toList();
    }
}
