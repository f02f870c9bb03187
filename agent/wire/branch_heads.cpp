// SPDX-License-Identifier: Apache-2.0
#include "wire/branch_heads.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_reader.hpp"

namespace ostler::wire {

using nlohmann::json;

std::string encode_branch_heads(const Result<std::vector<model::BranchHead>>& heads) {
  if (!heads) return to_text({{"error", heads.error().message()}});
  json branches = json::array();
  for (const model::BranchHead& head : heads.value()) {
    branches.push_back(json::array({head.branch, head.commit}));
  }
  return to_text({{"branches", std::move(branches)}});
}

Result<std::vector<model::BranchHead>> decode_branch_heads(std::string_view text) {
  const Error broken(Errc::Protocol, "the listing of branches is cut short or garbled");
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return broken;
  const auto error = object.find("error");
  if (error != object.end() && error->is_string()) {
    return Error(Errc::Unavailable, error->get<std::string>());
  }
  const auto branches = object.find("branches");
  if (branches == object.end() || !branches->is_array()) return broken;
  std::vector<model::BranchHead> heads;
  for (const json& item : *branches) {
    if (!item.is_array() || item.size() != 2 || !item[0].is_string() || !item[1].is_string()) {
      return broken;
    }
    heads.push_back({item[0].get<std::string>(), item[1].get<std::string>()});
  }
  return heads;
}

}  // namespace ostler::wire
