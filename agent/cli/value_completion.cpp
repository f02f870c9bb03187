// SPDX-License-Identifier: Apache-2.0
#include "cli/value_completion.hpp"

#include <sys/time.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <span>

#include "cli/client_access.hpp"
#include "cli/fleet_client.hpp"
#include "cli/hub_client.hpp"
#include "wire/rest_cluster_answers.hpp"

namespace ostler::cli {
namespace {

struct Offer {
  std::string_view command;
  std::string_view option;
  std::string_view values;  ///< with spaces between them
};

constexpr Offer kOffers[] = {
    {"build list", "--state",
     "scheduled running passed failing failed canceling canceled not_run blocked finished"},
    {"build retry", "--state", "canceled expired failed soft_failed timed_out"},
    {"agent start", "--log-level", "debug info notice warn error fatal"},
    {"agent start", "--log-format", "text json"},
    {"queue create", "--retry-agent-affinity", "prefer-warmest prefer-different"},
    {"queue update", "--retry-agent-affinity", "prefer-warmest prefer-different"},
    {"annotate", "--style", "success info warning error"},
    {"env get", "--format", "plain json json-pretty"},
    {"env dump", "--format", "json json-pretty"},
    {"oidc request-token", "--format", "jwt gcp"},
    {"redactor add", "--format", "none json"},
    {"secret get", "--format", "default json env"},
    {"step get", "--format", "json"}};

constexpr std::string_view kOfPipelines[] = {"pipeline show", "pipeline update", "pipeline archive",
                                             "pipeline unarchive", "pipeline delete"};
constexpr std::string_view kOfQueues[] = {"queue update", "queue pause", "queue resume",
                                          "queue delete"};

bool is_among(std::string_view command, std::span<const std::string_view> commands) {
  return std::ranges::find(commands, command) != commands.end();
}

std::vector<std::string> words_of(std::string_view values) {
  std::vector<std::string> words;
  while (!values.empty()) {
    const std::string_view word = values.substr(0, values.find(' '));
    values.remove_prefix(std::min(values.size(), word.size() + 1));
    words.emplace_back(word);
  }
  return words;
}

/// Shells expand what they are offered: a hub must not make them run anything.
bool is_harmless(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  return !word.empty() && word.front() != '-' && word.find_first_not_of(kPlain) == word.npos;
}

/// Nobody waits longer for a word. The deadline is of the process: it holds for whatever the client
/// does, names of hosts included.
void end_in_a_moment() {
  std::signal(SIGALRM, [](int) { ::_exit(kExitOk); });
  const itimerval moment{.it_interval = {}, .it_value = {.tv_sec = 0, .tv_usec = 700'000}};
  ::setitimer(ITIMER_REAL, &moment, nullptr);
}

/// Of words that are not complete yet.
ClientFlags client_flags_in(const Arguments& words) {
  ClientFlags flags;
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  take_client_flags(app, flags);
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::ParseError&) {
    return {};
  }
  return flags;
}

Result<std::vector<std::string>> slugs_at(HubClient& hub) {
  OSTLER_TRY(const auto pipelines, hub.pipelines(""));
  std::vector<std::string> slugs;
  for (const auto& pipeline : pipelines) slugs.push_back(pipeline.slug);
  return slugs;
}

Result<std::vector<std::string>> queues_at(HubClient& hub) {
  OSTLER_TRY(auto fleet, FleetClient::open(hub, ""));
  OSTLER_TRY(const auto text, fleet.queues_text());
  OSTLER_TRY(const auto queues, wire::decode_rest_queues(text));
  std::vector<std::string> keys;
  for (const auto& queue : queues) keys.push_back(queue.key);
  return keys;
}

/// Nothing where the hub does not say: the shell has nothing to offer then.
std::vector<std::string> asked(const Arguments& words,
                               Result<std::vector<std::string>> (*ask)(HubClient&)) {
  end_in_a_moment();
  const auto access = find_access_to_organization(client_flags_in(words));
  if (!access) return {};
  HubClient hub(access.value().url, access.value().organization, access.value().token);
  auto known = ask(hub);
  if (!known) return {};
  std::erase_if(known.value(), [](const std::string& word) { return !is_harmless(word); });
  return std::move(known).value();
}

}  // namespace

std::vector<std::string> offered_values(std::string_view command, std::string_view option,
                                        const Arguments& words) {
  for (const Offer& offer : kOffers) {
    if (offer.command == command && offer.option == option) return words_of(offer.values);
  }
  const bool is_slug =
      option == "--pipeline" || (option.empty() && is_among(command, kOfPipelines));
  const bool is_queue = (command == "agent start" && option == "--queue") ||
                        (option.empty() && is_among(command, kOfQueues));
  if (is_slug) return asked(words, slugs_at);
  return is_queue ? asked(words, queues_at) : std::vector<std::string>();
}

}  // namespace ostler::cli
