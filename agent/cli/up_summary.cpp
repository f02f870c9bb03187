// SPDX-License-Identifier: Apache-2.0
#include "cli/up_summary.hpp"

#include <nlohmann/json.hpp>

#include "cli/service_view.hpp"
#include "wire/json_reader.hpp"

namespace ostler::cli {
namespace {

/// `own`: what only our agent has to be told.
std::string commands_for(const UpFacts& facts, std::string_view own) {
  const std::string token = "  BUILDKITE_AGENT_TOKEN=" + facts.agent_token.reveal() + " ";
  const std::string rest = " --endpoint " + facts.access.url + "/v3 --build-path ~/builds";
  return token + "ostler agent start" + rest + std::string(own) + "\n" + token +
         "buildkite-agent start" + rest + "\n";
}

/// Whether the address of the hub is one that other machines can use.
bool is_reachable(const UpFacts& facts) {
  if (facts.has_public_url) return true;
  const bool is_any = facts.listen.starts_with("0.0.0.0:") || facts.listen.starts_with("[::]:");
  return !is_any && !is_loopback(facts.listen);
}

std::string how_to_join(const UpFacts& facts) {
  if (is_reachable(facts)) {
    return "Another machine joins with one of\n" + commands_for(facts, "");
  }
  const std::string why = is_loopback(facts.listen)
                              ? "The hub listens on this machine only."
                              : "The hub does not know by which name other machines reach it.";
  return why +
         " For others, start it with\n"
         "  ostler up --listen 0.0.0.0:7450 --public-url https://THIS-MACHINE:7450 \\\n"
         "    --tls-cert CERT.pem --tls-key KEY.pem\n"
         "One more agent of this machine, ours or a genuine one, joins with one of\n" +
         commands_for(facts,
                      " --name %hostname-2-%spawn --state-path ~/.local/state/ostler/agent-2");
}

/// What speaks against leaving it as it is, a sentence or two each.
std::vector<std::string> warnings_of(const UpFacts& facts) {
  if (is_loopback(facts.listen) || facts.has_tls) return {};
  return {
      "tokens, logs and artifacts go over the network unencrypted. Give --tls-cert and --tls-key, "
      "or put a proxy in front and name it with --public-url https://..."};
}

}  // namespace

bool is_loopback(const std::string& address) {
  return address.starts_with("127.") || address.starts_with("localhost:") ||
         address.starts_with("[::1]:");
}

std::string up_summary(const UpFacts& facts) {
  std::string text = "Ostler is up at " + facts.access.url + "\n\n" + "  data          " +
                     facts.data.string() + "\n" + "  slots         " + std::to_string(facts.slots) +
                     "\n" + "  organization  " + facts.access.organization + "\n" +
                     "  API token     " + facts.access.token.reveal() + "\n\n";
  for (const std::string& warning : warnings_of(facts)) text += "WARNING: " + warning + "\n\n";
  if (!facts.is_introduced) {
    text += "Your commands go to another hub; \"ostler login\" makes them go to this one.\n\n";
  }
  const std::string how_to_end =
      facts.down_command.empty()
          ? "Ctrl-C drains; twice cancels running jobs."
          : "It runs in the background; this ends it:\n  " + facts.down_command;
  const std::string left = words_for_services(facts.services);
  return text + how_to_join(facts) + "\n" + how_to_end + "\n" + (left.empty() ? "" : "\n" + left);
}

std::string up_json(const UpFacts& facts) {
  return wire::to_text({{"url", facts.access.url},
                        {"organization", facts.access.organization},
                        {"token", facts.access.token.reveal()},
                        {"agent_token", facts.agent_token.reveal()},
                        {"state_path", facts.data.string()},
                        {"slots", facts.slots},
                        {"reachable", is_reachable(facts)},
                        {"introduced", facts.is_introduced},
                        {"services", facts.services},
                        {"warnings", warnings_of(facts)}});
}

}  // namespace ostler::cli
