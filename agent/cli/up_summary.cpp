// SPDX-License-Identifier: Apache-2.0
#include "cli/up_summary.hpp"

namespace ostler::cli {
namespace {

std::string commands_for(const UpFacts& facts, const std::string& url) {
  const std::string token = "  BUILDKITE_AGENT_TOKEN=" + facts.agent_token.reveal() + " ";
  const std::string rest = " --endpoint " + url + "/v3 --build-path ~/builds\n";
  return token + "ostler agent start" + rest + token + "buildkite-agent start" + rest;
}

std::string how_to_join(const UpFacts& facts) {
  const bool is_reachable = facts.has_public_url || !is_loopback(facts.listen);
  if (is_reachable) {
    return "Another machine joins with one of\n" + commands_for(facts, facts.access.url);
  }
  return "The hub listens on this machine only. For others, start it with\n"
         "  ostler up --listen 0.0.0.0:7450 --public-url https://THIS-MACHINE:7450 \\\n"
         "    --tls-cert CERT.pem --tls-key KEY.pem\n"
         "An agent of this machine, ours or a genuine one, joins with one of\n" +
         commands_for(facts, facts.access.url);
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
  if (!is_loopback(facts.listen) && !facts.has_tls) {
    text +=
        "WARNING: tokens, logs and artifacts go over the network unencrypted. Give "
        "--tls-cert and --tls-key, or put a proxy in front and name it with --public-url "
        "https://...\n\n";
  }
  if (!facts.is_introduced) {
    text += "Your commands go to another hub; \"ostler login\" makes them go to this one.\n\n";
  }
  return text + how_to_join(facts) + "\nCtrl-C drains; twice cancels running jobs.\n";
}

}  // namespace ostler::cli
