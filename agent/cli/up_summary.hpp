// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "wire/local_api.hpp"

namespace ostler::cli {

struct UpFacts {
  wire::HubAccess access;
  Secret agent_token;
  std::string listen;  ///< address and port, as asked for
  bool has_tls = false;
  bool has_public_url = false;  ///< somebody said where others find the hub
  std::filesystem::path data;
  int slots = 1;
  std::string down_command{};  ///< what ends it; empty: it stays in the foreground
  bool is_introduced = true;   ///< this person's commands speak to this hub
  std::vector<std::string> services{};  ///< names of those that go on
};

/// What a person is told when all is up: where it is, and how another machine joins.
std::string up_summary(const UpFacts& facts);

/// The same for programs, a JSON object on one line. It has the tokens, as the text does.
std::string up_json(const UpFacts& facts);

/// Whether only this machine can reach that address.
bool is_loopback(const std::string& address);

}  // namespace ostler::cli
