// SPDX-License-Identifier: Apache-2.0
// `ostler queue list|create|update|pause|resume|delete`.
#include <CLI/CLI.hpp>

#include "cli/exit.hpp"
#include "cli/fleet_client.hpp"
#include "cli/options.hpp"
#include "cli/run_functions.hpp"
#include "console/plain_text.hpp"
#include "console/start_command.hpp"
#include "console/table.hpp"
#include "wire/rest_cluster.hpp"
#include "wire/rest_cluster_answers.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kLeaseHelp =
    "How many seconds (120 to 86400) an agent may be out of reach before its job is given up; "
    "0: as the hub says (600). Counts for agents that register from now on";
constexpr const char* kAffinityHelp =
    "Which agent gets a retry: prefer-warmest or prefer-different. Kept; retries do not look at it "
    "yet";

struct QueueOptions {
  FleetFlags fleet;
  std::string key;
  std::string description;
  std::string affinity;
  std::string note;
  int lease = 0;
  bool is_default = false;
  bool as_json = false;
};

void take_common(CLI::App& app, QueueOptions& options) {
  app.add_flag("--json", options.as_json, "Print the queue as the REST API says it");
  take_fleet_flags(app, options.fleet);
}

/// Prints the queue's JSON or a line for people, whichever was asked for.
Result<void> say(const QueueOptions& options, const std::string& json, const std::string& line) {
  console::Terminal::of_standard_output().print_line(options.as_json ? json : line);
  return success();
}

std::vector<console::Cell> row_of(const model::Queue& queue, const model::Cluster& cluster) {
  console::Cell state{"open"};
  if (queue.pause) state = {"paused", console::Style::Warning};
  const bool is_default = cluster.default_queue == queue.id;
  return {{queue.key, console::Style::Bold},
          std::move(state),
          {is_default ? "default" : ""},
          {queue.pause ? console::plain_line(queue.pause->note) : ""},
          {queue.lease ? std::to_string(queue.lease->count()) + "s" : ""},
          {console::plain_line(queue.description)}};
}

Result<void> show_all(FleetClient& fleet, const QueueOptions& options) {
  OSTLER_TRY(const std::string text, fleet.queues_text());
  if (options.as_json) return say(options, text, "");
  OSTLER_TRY(const auto queues, wire::decode_rest_queues(text));
  const auto faint = console::Style::Faint;
  std::vector<std::vector<console::Cell>> rows = {{{"QUEUE", faint},
                                                   {"STATE", faint},
                                                   {"", faint},
                                                   {"NOTE", faint},
                                                   {"LEASE", faint},
                                                   {"DESCRIPTION", faint}}};
  for (const model::Queue& queue : queues) rows.push_back(row_of(queue, fleet.cluster()));
  for (const auto& line : console::table_lines(rows, console::Terminal::of_standard_output(), 1)) {
    console::Terminal::of_standard_output().print_line(line);
  }
  return success();
}

Result<wire::RestQueueRequest> request_of(const CLI::App& app, const QueueOptions& options) {
  wire::RestQueueRequest request;
  request.key = options.key;
  if (app.count("--description") > 0) request.description = options.description;
  if (app.count("--lease") > 0) request.lease = std::chrono::seconds(options.lease);
  if (app.count("--retry-agent-affinity") == 0) return request;
  request.retry_affinity = wire::retry_affinity_named(options.affinity);
  if (!request.retry_affinity) {
    return Error(Errc::UserFault, "--retry-agent-affinity " + options.affinity +
                                      ": say prefer-warmest or prefer-different");
  }
  return request;
}

Result<void> create(FleetClient& fleet, const QueueOptions& options,
                    const wire::RestQueueRequest& request) {
  OSTLER_TRY(const auto json, fleet.create_queue(request));
  const std::string& key = options.key;
  return say(options, json,
             "made queue " + key + "; agents take its jobs with \"" +
                 console::agent_start_command(fleet.url(), key) + "\" (" +
                 console::kHowToMakeAToken + "), and steps go to it with \"agents: {queue: " + key +
                 "}\"");
}

Result<void> update(FleetClient& fleet, const QueueOptions& options,
                    const wire::RestQueueRequest& request) {
  OSTLER_TRY(const auto queue, fleet.queue(options.key));
  OSTLER_TRY(const auto json, fleet.update_queue(queue.id, request));
  if (options.is_default) {
    OSTLER_TRY(fleet.make_default(queue.id));
  }
  return say(options, json, "changed queue " + options.key);
}

/// Whether it is paused as it is to be. To another note the hub says that it is paused.
bool is_paused_so(const model::Queue& queue, const std::string& note) {
  return queue.pause && (note.empty() || note == queue.pause->note);
}

/// Nothing had to be done.
Result<void> leave(FleetClient& fleet, const QueueOptions& options, const model::Queue& queue,
                   const std::string& state) {
  OSTLER_TRY(const auto json, fleet.ask("GET", "/queues/" + queue.id.str()));
  return say(options, json, "queue " + options.key + " is " + state + " already");
}

Result<void> pause(FleetClient& fleet, const QueueOptions& options) {
  OSTLER_TRY(const auto queue, fleet.queue(options.key));
  if (is_paused_so(queue, options.note)) return leave(fleet, options, queue, "paused");
  OSTLER_TRY(const auto json, fleet.pause_queue(queue.id, options.note));
  return say(options, json,
             "paused queue " + options.key +
                 "; its running jobs go on, the others wait until \"ostler queue resume " +
                 options.key + "\"");
}

Result<void> resume(FleetClient& fleet, const QueueOptions& options) {
  OSTLER_TRY(const auto queue, fleet.queue(options.key));
  if (!queue.pause) return leave(fleet, options, queue, "open");
  OSTLER_TRY(const auto json, fleet.resume_queue(queue.id));
  return say(options, json, "resumed queue " + options.key);
}

Result<void> remove(FleetClient& fleet, const QueueOptions& options) {
  OSTLER_TRY(const auto queue, fleet.queue(options.key));
  OSTLER_TRY(fleet.delete_queue(queue.id));
  console::Terminal::of_standard_output().print_line("deleted queue " + options.key);
  return success();
}

void take_settings(CLI::App& app, QueueOptions& options) {
  app.add_option("--description", options.description, "What it is for");
  app.add_option("--lease", options.lease, kLeaseHelp);
  app.add_option("--retry-agent-affinity", options.affinity, kAffinityHelp);
}

}  // namespace

int run_queue_list(const Arguments& arguments) {
  QueueOptions options;
  CLI::App app("Shows the queues in which jobs wait for agents", "queue list");
  app.add_flag("--json", options.as_json, "Print them as the REST API says them");
  take_fleet_flags(app, options.fleet);
  app.footer("Example:\n  ostler queue list --json");
  if (const auto end = read_options(app, arguments)) return *end;
  return run_at_cluster(options.fleet,
                        [&](FleetClient& fleet) { return show_all(fleet, options); });
}

int run_queue_create(const Arguments& arguments) {
  QueueOptions options;
  CLI::App app("Makes a queue: its jobs run only on agents that are started for it",
               "queue create");
  app.add_option("KEY", options.key, "Its name: letters, digits, - and _")->required();
  take_settings(app, options);
  take_common(app, options);
  app.footer(
      "Example:\n  ostler queue create linux --description \"the big machines\"\n"
      "and on a machine that takes its jobs:\n"
      "  ostler agent start --endpoint https://HUB:7450/v3 --build-path ~/builds --token TOKEN "
      "--queue linux\n"
      "and in a pipeline:\n  steps:\n    - command: make\n      agents: {queue: linux}");
  if (const auto end = read_options(app, arguments)) return *end;
  const auto request = request_of(app, options);
  if (!request) return fail(request.error());
  return run_at_cluster(
      options.fleet, [&](FleetClient& fleet) { return create(fleet, options, request.value()); });
}

int run_queue_update(const Arguments& arguments) {
  QueueOptions options;
  CLI::App app("Changes a queue; what is not named stays as it is", "queue update");
  app.add_option("KEY", options.key, "Which one")->required();
  take_settings(app, options);
  app.add_flag("--default", options.is_default,
               "Give it the jobs and agents that name no queue, from now on");
  take_common(app, options);
  app.footer("Example:\n  ostler queue update linux --lease 1800");
  if (const auto end = read_options(app, arguments)) return *end;
  const auto request = request_of(app, options);
  if (!request) return fail(request.error());
  return run_at_cluster(
      options.fleet, [&](FleetClient& fleet) { return update(fleet, options, request.value()); });
}

int run_queue_pause(const Arguments& arguments) {
  QueueOptions options;
  CLI::App app("Gives no more jobs of a queue to agents; running ones go on", "queue pause");
  app.add_option("KEY", options.key, "Which one")->required();
  app.add_option("--note", options.note, "Why, for others");
  take_common(app, options);
  app.footer("Example:\n  ostler queue pause linux --note \"new disks until noon\"");
  if (const auto end = read_options(app, arguments)) return *end;
  return run_at_cluster(options.fleet, [&](FleetClient& fleet) { return pause(fleet, options); });
}

int run_queue_resume(const Arguments& arguments) {
  QueueOptions options;
  CLI::App app("Gives the jobs of a paused queue to agents again", "queue resume");
  app.add_option("KEY", options.key, "Which one")->required();
  take_common(app, options);
  app.footer("Example:\n  ostler queue resume linux");
  if (const auto end = read_options(app, arguments)) return *end;
  return run_at_cluster(options.fleet, [&](FleetClient& fleet) { return resume(fleet, options); });
}

int run_queue_delete(const Arguments& arguments) {
  QueueOptions options;
  CLI::App app(
      "Deletes a queue that is not the cluster's default, has no connected agents and no jobs that "
      "are not over",
      "queue delete");
  app.add_option("KEY", options.key, "Which one")->required();
  take_fleet_flags(app, options.fleet);
  app.footer("Example:\n  ostler queue delete linux");
  if (const auto end = read_options(app, arguments)) return *end;
  return run_at_cluster(options.fleet, [&](FleetClient& fleet) { return remove(fleet, options); });
}

}  // namespace ostler::cli
