// SPDX-License-Identifier: Apache-2.0
// `ostler hub backup|restore|check`: the data of a hub as files.
#include <sys/stat.h>

#include <CLI/CLI.hpp>

#include "base/clock.hpp"
#include "base/joined.hpp"
#include "base/size_text.hpp"
#include "cli/exit.hpp"
#include "cli/hub_upkeep_json.hpp"
#include "cli/options.hpp"
#include "cli/person_directories.hpp"
#include "cli/run_functions.hpp"
#include "console/progress_line.hpp"
#include "console/terminal.hpp"
#include "hub/upkeep/backup.hpp"
#include "hub/upkeep/check.hpp"
#include "hub/upkeep/restore.hpp"

namespace ostler::cli {
namespace {

namespace fs = std::filesystem;

const SystemClock kClock;

/// Runs something long with a line that says how far it is. Files that it makes are its owner's
/// alone, those that SQLite makes among them.
template <class Work>
auto with_progress(Work work) {
  ::umask(077);
  console::ProgressLine line(kClock);
  return work([&line](std::string_view what, std::int64_t done, std::int64_t total) {
    line.show(what, done, total);
  });
}

std::string sizes(std::int64_t logs, std::int64_t artifacts, std::int64_t bytes) {
  return std::to_string(logs) + " logs, " + std::to_string(artifacts) + " artifacts, " +
         size_text(static_cast<std::uint64_t>(bytes));
}

void say_upkeep(const std::string& line) {
  console::Terminal::of_standard_output().print_line(line);
}

void print_faults(const std::vector<std::string>& faults, std::int64_t count) {
  for (const auto& fault : faults) say_upkeep("fault: " + fault);
  const auto more = count - static_cast<std::int64_t>(faults.size());
  if (more > 0) say_upkeep("and " + std::to_string(more) + " more");
}

void tell_backup(const wire::BackupManifest& made, const fs::path& destination) {
  say_upkeep("backed up to " + destination.string() + ": " +
             sizes(made.logs, made.artifacts, made.bytes));
  if (!made.left_out.empty()) {
    say_upkeep("not in it: " + joined(made.left_out, ", ") +
               "; keep copies of these elsewhere, without them what they seal is lost "
               "(--with-keys puts them in)");
  }
  print_faults(made.faults, static_cast<std::int64_t>(made.faults.size()));
}

void tell_restored(const hub::Restored& restored, const fs::path& data) {
  const std::string skipped = std::to_string(hub::kSkippedBuildNumbers);
  say_upkeep("restored the backup of " + format_rfc3339(restored.manifest.created_at, 0) + " to " +
             data.string());
  if (restored.replaced) {
    say_upkeep("what was there is in " + restored.replaced->string());
    if (!restored.knows_replaced_numbers) {
      say_upkeep("its database cannot be read: had it made more than " + skipped +
                 " builds of a pipeline since the backup, their numbers come again");
    }
  }
  say_upkeep("ended " + std::to_string(restored.ended_builds) +
             " builds that were not over; the next build of each pipeline gets a number that is " +
             skipped + " higher");
  if (!restored.manifest.left_out.empty()) {
    say_upkeep("put these files there before the hub starts, they are not in the backup: " +
               joined(restored.manifest.left_out, ", "));
  }
  print_faults(restored.faults.lines, restored.faults.count);
}

void tell_check(const wire::HubCheck& check) {
  print_faults(check.faults, check.fault_count);
  say_upkeep(check.directory + ": " + sizes(check.logs, check.artifacts, check.bytes) + ", " +
             (check.fault_count == 0 ? "no" : std::to_string(check.fault_count)) + " faults");
}

}  // namespace

int run_hub_backup(const Arguments& arguments) {
  fs::path data = state_home() / "hub";
  fs::path destination;
  bool with_keys = false;
  bool as_json = false;
  CLI::App app("Copies the data of a hub, which may be running, to a new directory", "hub backup");
  app.add_option("DIRECTORY", destination, "where to; must be missing or empty")->required();
  app.add_option("--data-path", data, "directory of the hub")->capture_default_str();
  app.add_flag("--with-keys", with_keys,
               "put the key files in: whoever has the backup can then read the secrets");
  app.add_flag("--json", as_json, "As a JSON object");
  app.footer(
      "Examples:\n"
      "  ostler hub backup hub-backup\n"
      "  ostler hub backup /backups/$(date +%F) --with-keys     whoever has it can read the "
      "secrets\n");
  if (const auto ended = read_options(app, arguments)) return *ended;
  destination = fs::absolute(destination);
  const auto made = with_progress([&](const hub::Progress& progress) {
    return hub::back_up({fs::absolute(data), destination, with_keys, kClock.now()}, progress);
  });
  if (!made) return fail(made.error());
  if (as_json) {
    say_upkeep(backup_json(made.value(), destination));
  } else {
    tell_backup(made.value(), destination);
  }
  return made.value().faults.empty() ? kExitOk : kExitFailed;
}

int run_hub_restore(const Arguments& arguments) {
  hub::RestoreOptions options;
  bool as_json = false;
  options.data = state_home() / "hub";
  CLI::App app("Makes the data of a hub from a backup", "hub restore");
  app.add_option("BACKUP", options.backup, "directory that \"ostler hub backup\" made")->required();
  app.add_option("--data-path", options.data, "directory of the hub; must be missing or empty")
      ->capture_default_str();
  app.add_flag("--replace", options.replace,
               "move aside what is in that directory; a hub must not run on it");
  app.add_flag("--accept-missing", options.accept_missing,
               "restore although logs or artifacts are missing in the backup");
  app.add_flag("--json", as_json, "As a JSON object");
  app.footer(
      "Examples:\n"
      "  ostler hub restore hub-backup --data-path new-hub\n"
      "  ostler hub restore hub-backup --data-path new-hub --replace     moves aside what is "
      "there\n");
  if (const auto ended = read_options(app, arguments)) return *ended;
  options.backup = fs::absolute(options.backup);
  options.data = fs::absolute(options.data);
  options.now = kClock.now();
  const auto restored =
      with_progress([&](const hub::Progress& progress) { return hub::restore(options, progress); });
  if (!restored) return fail(restored.error());
  if (as_json) {
    say_upkeep(restored_json(restored.value(), options.data));
  } else {
    tell_restored(restored.value(), options.data);
  }
  return kExitOk;
}

int run_hub_check(const Arguments& arguments) {
  fs::path directory = state_home() / "hub";
  bool as_json = false;
  CLI::App app("Checks the data of a hub, which may be running, or a backup", "hub check");
  app.add_option("DIRECTORY", directory, "directory of the hub or of the backup")
      ->capture_default_str();
  app.add_flag("--json", as_json, "As a JSON object");
  app.footer(
      "Examples:\n"
      "  ostler hub check\n"
      "  ostler hub check hub-backup --json | jq .faults\n"
      "Exit status: 0 no faults, 1 some\n");
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto checked = with_progress([&](const hub::Progress& progress) {
    return hub::check_hub(fs::absolute(directory), progress);
  });
  if (!checked) return fail(checked.error());
  const wire::HubCheck& check = checked.value();
  if (as_json) {
    say_upkeep(wire::encode(check));
  } else {
    tell_check(check);
  }
  return check.fault_count == 0 ? kExitOk : kExitFailed;
}

}  // namespace ostler::cli
