// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cerrno>
#include <thread>

#include "cli/client_access.hpp"
#include "cli/exit.hpp"
#include "cli/hub_client.hpp"
#include "cli/log_size_option.hpp"
#include "cli/options.hpp"
#include "cli/person_directories.hpp"
#include "cli/run_functions.hpp"
#include "cli/service_process.hpp"
#include "cli/service_view.hpp"
#include "cli/stop_signals.hpp"
#include "cli/up_services.hpp"
#include "cli/up_summary.hpp"
#include "console/terminal.hpp"
#include "diag/log.hpp"
#include "files/file.hpp"
#include "net/listen_address.hpp"
#include "net/url.hpp"

namespace ostler::cli {
namespace {

struct UpCommand {
  UpOptions up;
  bool detach = false;
  bool as_json = false;
  int ready_fd = -1;  ///< where to say that all is up, besides standard output; -1: nowhere
};

std::optional<int> read_up_options(const Arguments& arguments, UpCommand& command) {
  CLI::App app("Makes this machine a CI system: a hub, and an agent that takes its jobs", "up");
  app.footer(
      "Examples:\n"
      "  ostler up\n"
      "  ostler up --detach --spawn 4     goes on when the terminal is closed\n"
      "What the hub keeps and for how long: OSTLER_HUB_KEEP_BUILDS_DAYS and the like, see ostler "
      "hub --help.\n"
      "Ctrl-C waits for running jobs, a second one cancels them, a third one ends at once.");
  UpOptions& up = command.up;
  app.add_option("--listen", up.listen, "Address and port of the hub; port 0 takes a free one")
      ->capture_default_str();
  app.add_option("--public-url", up.public_url,
                 "Base of the URLs that agents and people are given, when it is not the address");
  auto* certificate = app.add_option("--tls-cert", up.tls_certificate,
                                     "Certificate in PEM with its chain: the hub serves HTTPS");
  auto* key = app.add_option("--tls-key", up.tls_key, "The certificate's private key in PEM");
  certificate->needs(key);
  key->needs(certificate);
  app.add_option("--org", up.organization,
                 "Slug of the organization that the first start makes; default: ostler");
  take_log_size(*app.add_option("--max-log-size", up.max_log_size, kMaxLogSizeHelp));
  app.add_option("--spawn", up.slots, "How many jobs may run at once; default: one for each CPU")
      ->check(CLI::Range(1, 1000));
  app.add_option("--tags", up.tags, "Tags of the agent, key=value, separated by commas");
  app.add_option("--plugin-services", up.plugin_services,
                 "Step plugins that may start services, which go on after their job, by their ids, "
                 "separated by commas");
  app.add_option("--plugin-secrets-put", up.plugin_secrets_put,
                 "Step plugins that may set secrets of the hub, by their ids, separated by commas");
  app.add_option("--state-path", up.places.root, "Directory of everything that is kept")
      ->capture_default_str();
  app.add_flag("--detach", command.detach,
               "Go on in the background, also after logout; \"ostler down\" ends it");
  app.add_flag("--json", command.as_json,
               "Say where it is as a JSON object on one line, with its tokens");
  app.add_option("--ready-fd", command.ready_fd)->group("");
  return read_options(app, arguments);
}

/// The API token that the hub's first start made.
Result<wire::HubAccess> first_access(const UpOptions& options, const std::string& url) {
  OSTLER_TRY(auto text, read_line_of(options.places.hub() / "api-token"));
  Secret token(std::move(text));
  OSTLER_TRY(const auto organizations, HubClient(url, "", token).organizations());
  if (organizations.empty()) return Error(Errc::Denied, "the API token of this hub is of no use");
  return wire::HubAccess{url, organizations.front(), std::move(token)};
}

/// Whether an address may be one that the hub had before: any of this machine, or of its host. Only
/// then does the token that goes with it concern the hub.
bool may_be_former(const std::string& known, const std::string& url) {
  const auto former = net::origin_of_url(known);
  const auto now = net::origin_of_url(url);
  return former && now &&
         (net::is_loopback(former.value()) || former.value().host == now.value().host);
}

/// What this person's commands know of the hub: they may have a token of their own, from a login,
/// and the address that it had before. None: they speak to another one.
Result<std::optional<wire::HubAccess>> known_access(const wire::HubAccess& access,
                                                    wire::HubAccess known) {
  constexpr int kUnauthorized = 401;
  constexpr int kForbidden = 403;  // known, though it may not ask that
  if (known.token.reveal() != access.token.reveal()) {
    if (!may_be_former(known.url, access.url)) return std::nullopt;
    const auto asked = HubClient(access.url, "", known.token).organizations();
    if (!asked && asked.error().native() == kUnauthorized) return std::nullopt;
    if (!asked && asked.error().native() != kForbidden) return asked.error();
  }
  return wire::HubAccess{access.url, access.organization, std::move(known.token)};
}

/// Makes this person's commands speak to the hub, unless they speak to another one.
Result<bool> introduce(const wire::HubAccess& access) {
  auto known = read_client_file();
  if (!known && known.error().code() != Errc::NotFound) return true;
  if (known && known.value().url == access.url) return true;
  std::optional<wire::HubAccess> own = access;
  if (known) {
    OSTLER_TRY(own, known_access(access, std::move(known).value()));
  }
  if (!own) return false;
  OSTLER_TRY(write_client_file(*own));
  return true;
}

std::string down_command(const std::filesystem::path& root) {
  return root == state_home() ? "ostler down" : "ostler down --state-path " + root.string();
}

Result<std::string> summary_of(const UpCommand& command, const std::string& url) {
  const UpOptions& options = command.up;
  const bool is_detached = command.ready_fd >= 0;
  OSTLER_TRY(const auto access, first_access(options, url));
  OSTLER_TRY(const bool introduced, introduce(access));
  OSTLER_TRY(auto agent_token, read_line_of(options.places.hub() / "agent-token"));
  const UpFacts facts{.access = access,
                      .agent_token = Secret(std::move(agent_token)),
                      .listen = options.listen,
                      .has_tls = !options.tls_certificate.empty(),
                      .has_public_url = !options.public_url.empty(),
                      .data = options.places.root,
                      .slots = options.slots,
                      .down_command = is_detached ? down_command(options.places.root) : "",
                      .is_introduced = introduced,
                      .services = services_that_go_on(options.places.agent())};
  return command.as_json ? up_json(facts) : up_summary(facts);
}

Result<void> stay_up(const UpCommand& command) {
  OSTLER_TRY(auto signals, StopSignals::block());
  OSTLER_TRY(const auto lock, occupy(command.up.places));
  std::filesystem::current_path(command.up.places.root);  // hold on to no other directory
  UpServices services(command.up, signals);
  OSTLER_TRY(services.start());
  OSTLER_TRY(const std::string summary, summary_of(command, services.url()));
  console::Terminal::of_standard_output().print_line(summary);
  if (command.ready_fd >= 0) {
    OSTLER_TRY(files::write_all(command.ready_fd, summary));
    ::close(command.ready_fd);
  }
  services.run();
  return success();
}

/// What a process says on a pipe until it closes it.
std::string read_to_end(int fd) {
  std::string text;
  std::array<char, 4096> piece{};
  for (;;) {
    const ssize_t count = ::read(fd, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(count));
  }
}

/// Starts the same command in the background and returns once it is up.
Result<void> detach(const UpPlaces& places, Arguments arguments) {
  OSTLER_TRY(files::ensure_private_directory(places.root));
  OSTLER_TRY(const UniqueFd log, open_log(places.log()));
  std::error_code unknown;
  const auto written_before = std::filesystem::file_size(places.log(), unknown);
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return Error::from_errno(errno, "pipe");
  const UniqueFd ready(pipe[0]);
  UniqueFd to_say(pipe[1]);
  std::erase(arguments, "--detach");
  arguments.insert(arguments.begin(), "up");
  arguments.insert(arguments.end(), {"--ready-fd", "3"});
  OSTLER_TRY(auto child, start_service({.words = arguments,
                                        .variables = {},
                                        .directory = {},  // relative paths are of this one
                                        .errors = log.get(),
                                        .extra = to_say.get()}));
  to_say.reset();
  const std::string summary = read_to_end(ready.get());
  if (summary.empty()) {
    return Error(Errc::Unavailable,
                 last_error(places.log(), written_before) + " (" + places.log().string() + ")");
  }
  child.release();
  console::Terminal::of_standard_output().print_line(summary);
  return success();
}

}  // namespace

int run_up(const Arguments& arguments) {
  UpCommand command;
  command.up.places.root = state_home();
  command.up.slots = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  if (const auto ended = read_up_options(arguments, command)) return *ended;
  if (auto address = net::parse_listen_address(command.up.listen); !address) {
    return fail(std::move(address).error().with_context("up: --listen"));
  }
  command.up.places.root = std::filesystem::absolute(command.up.places.root);
  for (std::string* file : {&command.up.tls_certificate, &command.up.tls_key}) {
    if (!file->empty()) *file = std::filesystem::absolute(*file);
  }
  diag::set_up_log({.color = ::isatty(STDERR_FILENO) != 0});
  const auto done = command.detach ? detach(command.up.places, arguments) : stay_up(command);
  return done ? kExitOk : fail(done.error());
}

}  // namespace ostler::cli
