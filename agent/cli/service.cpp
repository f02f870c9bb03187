// SPDX-License-Identifier: Apache-2.0
// `ostler service list|show|log|stop`: programs that outlive the jobs which started them.
#include <CLI/CLI.hpp>
#include <functional>
#include <thread>

#include "base/clock.hpp"
#include "cli/exit.hpp"
#include "cli/options.hpp"
#include "cli/run_functions.hpp"
#include "cli/service_view.hpp"
#include "config/agent_config.hpp"
#include "console/plain_text.hpp"
#include "console/terminal.hpp"
#include "daemon/service_json.hpp"
#include "supervise/log_follower.hpp"
#include "supervise/service_control.hpp"

namespace ostler::cli {
namespace {

using supervise::Service;

constexpr const char* kServiceListExamples =
    "Examples:\n"
    "  ostler service list\n"
    "  ostler service list --all --json | jq -r '.[].address'\n";
constexpr const char* kServiceLogExamples =
    "Examples:\n"
    "  ostler service log web\n"
    "  ostler service log web --follow     until the service ends, or Ctrl-C (130)\n";
constexpr const char* kServiceShowExamples =
    "Examples:\n"
    "  ostler service show web\n"
    "  ostler service show web --json | jq .command\n";
constexpr const char* kServiceStopExamples =
    "Example:\n"
    "  ostler service stop web\n";
/// As long as a service has to end, and a little.
constexpr std::chrono::seconds kServiceEndsWithin{20};
constexpr std::size_t kWholeServiceLog = 16u << 20;
constexpr std::size_t kLongestPartOfLine = 64u << 10;
constexpr std::chrono::milliseconds kServiceFollowPause{200};

struct ServiceCommand {
  std::string state_path;
  std::string name;
  bool as_json = false;
  bool all = false;
  bool follows = false;

  void add_to(CLI::App& app) {
    app.add_option("--state-path", state_path,
                   "State directory of the agent; default: where an agent keeps its state when "
                   "nobody says otherwise")
        ->envname("OSTLER_AGENT_STATE_PATH");
  }
  void add_name(CLI::App& app) {
    app.add_option("service", name, "Its name, PIPELINE/NAME, or id")->required();
  }
};

Result<std::filesystem::path> services_root(const ServiceCommand& command) {
  std::filesystem::path state = command.state_path;
  if (state.empty()) {
    OSTLER_TRY(state, config::default_state_path());
  }
  return state / "services";
}

Result<std::vector<Service>> services_of(const ServiceCommand& command) {
  OSTLER_TRY(const auto root, services_root(command));
  return supervise::list_services(root);
}

Result<Service> named_service(const ServiceCommand& command) {
  OSTLER_TRY(const auto all, services_of(command));
  return choose_service(all, command.name);
}

void say_line(const std::string& line) { console::Terminal::of_standard_output().print_line(line); }

Result<void> list_them(const ServiceCommand& command) {
  OSTLER_TRY(auto services, services_of(command));
  if (!command.all) std::erase_if(services, std::not_fn(deserves_a_look));
  if (command.as_json) {
    say_line(daemon::encode_services(services));
    return success();
  }
  if (services.empty()) {
    say_line(
        command.all
            ? "no services here; step plugins that an agent's plugin-services lists can start some"
            : "no service runs here; \"ostler service list --all\" shows those that have ended");
    return success();
  }
  const auto terminal = console::Terminal::of_standard_output();
  const auto rows = service_table(services, SystemClock().now());
  for (const auto& line : console::table_lines(rows, terminal, 1)) say_line(line);
  return success();
}

Result<void> show_it(const ServiceCommand& command) {
  OSTLER_TRY(const Service service, named_service(command));
  if (command.as_json) {
    say_line(daemon::encode_service(service));
    return success();
  }
  for (const std::string& line : service_lines(service)) say_line(line);
  return success();
}

/// Whole lines of what a program has printed; the rest stays in `text`, unless it is very long.
void print_service_lines(std::string& text, bool is_over) {
  const std::size_t lines = text.rfind('\n') + 1;
  const bool is_all = is_over || text.size() - lines > kLongestPartOfLine;
  const std::size_t end = is_all ? text.size() : lines;
  std::string_view whole(text.data(), end);
  while (!whole.empty()) {
    const std::size_t border = std::min(whole.find('\n'), whole.size());
    say_line(console::plain_line(whole.substr(0, border)));
    whole.remove_prefix(std::min(border + 1, whole.size()));
  }
  text.erase(0, end);
}

Result<void> print_service_log(const ServiceCommand& command) {
  OSTLER_TRY(const Service service, named_service(command));
  OSTLER_TRY(const auto root, services_root(command));
  const std::string& id = service.spec.id;
  std::string text;
  if (!command.follows) {
    text = supervise::read_service_log(root, id, kWholeServiceLog);
    print_service_lines(text, true);
    return success();
  }
  supervise::LogFollower follower(root, id);
  for (;;) {
    const auto now = supervise::find_service(root, id);
    const bool is_over = !now || !now.value().is_kept;
    const std::string more = follower.read();
    text += more;
    print_service_lines(text, is_over && more.empty());
    if (!more.empty()) continue;
    if (is_over) return success();
    std::this_thread::sleep_for(kServiceFollowPause);
  }
}

Result<void> stop_it(const ServiceCommand& command) {
  OSTLER_TRY(const Service service, named_service(command));
  const std::string& id = service.spec.id;
  if (!service.is_kept) {
    return Error(Errc::Conflict,
                 id + " does not run: it is " + std::string(to_string(service.state.phase)));
  }
  OSTLER_TRY(supervise::stop_service(service.spec.socket, kServiceEndsWithin));
  if (!command.as_json) {
    say_line("stopped " + id);
    return success();
  }
  OSTLER_TRY(const auto root, services_root(command));
  OSTLER_TRY(const Service stopped, supervise::find_service(root, id));
  say_line(daemon::encode_service(stopped));
  return success();
}

template <class Act>
int run_service_command(CLI::App& app, const Arguments& arguments, const ServiceCommand& command,
                        Act act) {
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto done = act(command);
  return done ? kExitOk : fail(done.error());
}

}  // namespace

int run_service_list(const Arguments& arguments) {
  CLI::App app("Shows programs that go on after the jobs which started them", "service list");
  ServiceCommand command;
  command.add_to(app);
  app.add_flag("--all", command.all, "Also those that have ended or were stopped");
  app.add_flag("--json", command.as_json, "As a JSON array");
  app.footer(kServiceListExamples);
  return run_service_command(app, arguments, command, list_them);
}

int run_service_show(const Arguments& arguments) {
  CLI::App app("Shows all that is known of one", "service show");
  ServiceCommand command;
  command.add_to(app);
  command.add_name(app);
  app.add_flag("--json", command.as_json, "As a JSON object");
  app.footer(kServiceShowExamples);
  return run_service_command(app, arguments, command, show_it);
}

int run_service_log(const Arguments& arguments) {
  CLI::App app("Prints what one has printed, 8 MiB at most", "service log");
  ServiceCommand command;
  command.add_to(app);
  command.add_name(app);
  app.add_flag("--follow,-f", command.follows, "Go on with what comes until it ends");
  app.footer(kServiceLogExamples);
  return run_service_command(app, arguments, command, print_service_log);
}

int run_service_stop(const Arguments& arguments) {
  CLI::App app("Ends one: SIGTERM, and after 10 s all that is left of it is killed",
               "service stop");
  ServiceCommand command;
  command.add_to(app);
  command.add_name(app);
  app.add_flag("--json", command.as_json, "As a JSON object, as it is then");
  app.footer(kServiceStopExamples);
  return run_service_command(app, arguments, command, stop_it);
}

}  // namespace ostler::cli
