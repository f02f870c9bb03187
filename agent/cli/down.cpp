// SPDX-License-Identifier: Apache-2.0
#include <poll.h>
#include <signal.h>

#include <CLI/CLI.hpp>

#include "cli/exit.hpp"
#include "cli/options.hpp"
#include "cli/person_directories.hpp"
#include "cli/run_functions.hpp"
#include "cli/service_view.hpp"
#include "cli/up_places.hpp"
#include "console/terminal.hpp"
#include "process/pidfd.hpp"

namespace ostler::cli {
namespace {

bool has_ended(int pidfd, int limit_ms) {
  pollfd watched{pidfd, POLLIN, 0};
  return ::poll(&watched, 1, limit_ms) > 0;
}

/// Tells what `ostler up` runs to end, and waits until it has.
Result<void> bring_down(const UpPlaces& places, bool cancel) {
  constexpr int kPatienceMs = 1'000;
  OSTLER_TRY(const auto occupant, find_occupant(places));
  if (!occupant) {
    return Error(Errc::NotFound, "Ostler is not up in " + places.root.string());
  }
  process::signal_pidfd(occupant->get(), SIGTERM);
  if (!cancel && !has_ended(occupant->get(), kPatienceMs)) {
    console::Terminal::of_standard_output().print_line(
        "waiting for running jobs; \"ostler down --cancel\" cancels them");
  }
  if (cancel && !has_ended(occupant->get(), kPatienceMs)) {
    process::signal_pidfd(occupant->get(), SIGTERM);
  }
  has_ended(occupant->get(), -1);
  if (const auto left = services_that_go_on(places.agent()); !left.empty()) {
    console::Terminal::of_standard_output().print_line(words_for_services(left));
  }
  return success();
}

}  // namespace

int run_down(const Arguments& arguments) {
  UpPlaces places{state_home()};
  bool cancel = false;
  CLI::App app("Ends what \"ostler up\" runs, once running jobs have ended", "down");
  app.add_flag("--cancel", cancel, "Cancel running jobs");
  app.add_option("--state-path", places.root, "Directory that \"ostler up\" was given")
      ->capture_default_str();
  app.footer(
      "Examples:\n"
      "  ostler down\n"
      "  ostler down --cancel     does not wait for jobs that run\n");
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto done = bring_down({std::filesystem::absolute(places.root)}, cancel);
  return done ? kExitOk : fail(done.error());
}

}  // namespace ostler::cli
