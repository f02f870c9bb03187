// SPDX-License-Identifier: Apache-2.0
#include "pipeline/checkout_reader.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/joined.hpp"
#include "base/nearest_word.hpp"
#include "model/secret_key.hpp"
#include "pipeline/secrets_reader.hpp"

namespace ostler::pipeline {
namespace {

using CheckoutJson = nlohmann::ordered_json;

constexpr const char* kSshSecret = "ssh_secret";
constexpr int kDeepestHistory = 1'000'000'000;
constexpr std::string_view kCheckoutKeys[] = {
    "skip", "submodules", "lfs", "depth", "flags", "sparse", "ssh_secret", "commit_verification"};
constexpr std::string_view kFlagKeys[] = {"clone", "fetch", "checkout", "clean"};
constexpr std::string_view kVerifications[] = {"strict", "warn", "off"};

struct CheckoutSwitch {
  const char* key;
  const char* variable;
};
constexpr CheckoutSwitch kSwitches[] = {{"skip", "BUILDKITE_SKIP_CHECKOUT"},
                                        {"submodules", "BUILDKITE_GIT_SUBMODULES"},
                                        {"lfs", "BUILDKITE_GIT_LFS_ENABLED"}};

bool is_among(std::string_view word, std::span<const std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

class CheckoutReader {
 public:
  CheckoutReader(ValueReader& values, CheckoutPlace place) : values_(values), place_(place) {}

  std::string read(const YamlNode& node) {
    if (node.kind != YamlNode::Kind::Mapping) {
      values_.faults().add(node.at, "checkout must be a mapping; write \"checkout: {skip: true}\"");
      return {};
    }
    for (const YamlEntry& entry : node.entries) read_entry(entry);
    return json_.empty() ? std::string() : json_.dump(-1, ' ', false, kReplace);
  }

 private:
  static constexpr auto kReplace = CheckoutJson::error_handler_t::replace;

  void read_entry(const YamlEntry& entry) {
    const YamlNode& value = *entry.value;
    if (entry.key == "skip" || entry.key == "submodules" || entry.key == "lfs") {
      json_[entry.key] = values_.boolish(value, entry.key);
    } else if (entry.key == "depth") {
      if (const auto depth = values_.number(value, "depth", 1, kDeepestHistory))
        json_["depth"] = *depth;
    } else if (entry.key == "flags") {
      read_flags(value);
    } else if (entry.key == "sparse") {
      read_sparse(value);
    } else if (entry.key == "commit_verification") {
      read_verification(value);
    } else if (entry.key == "ssh_secret") {
      read_ssh_secret(entry);
    } else {
      unknown(entry, "checkout", kCheckoutKeys);
    }
  }

  void unknown(const YamlEntry& entry, std::string_view in,
               std::span<const std::string_view> keys) {
    const std::string_view near = nearest_word(entry.key, keys);
    std::string text = std::string(in) + " has no \"" + entry.key + "\"; ";
    text += near.empty() ? "it takes " + joined(keys, ", ")
                         : "did you mean \"" + std::string(near) + "\"?";
    values_.faults().add(entry.at, text);
  }

  void read_flags(const YamlNode& value) {
    if (value.kind != YamlNode::Kind::Mapping) {
      return values_.faults().add(value.at, "flags must be a mapping; write clone: or fetch:");
    }
    for (const YamlEntry& entry : value.entries) {
      if (!is_among(entry.key, kFlagKeys)) {
        unknown(entry, "flags", kFlagKeys);
      } else {
        json_["flags"][entry.key] = values_.text(*entry.value, "flags " + entry.key);
      }
    }
  }

  void read_sparse(const YamlNode& value) {
    constexpr std::string_view kSparseKeys[] = {"paths"};
    if (value.kind != YamlNode::Kind::Mapping) {
      return values_.faults().add(value.at, "sparse must be a mapping; write paths:");
    }
    for (const YamlEntry& entry : value.entries) {
      if (entry.key != "paths") {
        unknown(entry, "sparse", kSparseKeys);
      } else {
        json_["sparse"]["paths"] = values_.texts(*entry.value, "paths");
      }
    }
  }

  void read_verification(const YamlNode& value) {
    const std::string word = values_.text(value, "commit_verification");
    if (!is_among(word, kVerifications)) {
      return values_.faults().add(value.at, "commit_verification is strict, warn or off");
    }
    json_["commit_verification"] = word;
  }

  void read_ssh_secret(const YamlEntry& entry) {
    if (place_ == CheckoutPlace::Pipeline) {
      return values_.faults().add(entry.at,
                                  "ssh_secret is for single steps; move it to their checkout");
    }
    const std::string key = values_.text(*entry.value, kSshSecret);
    if (!model::is_secret_key(key)) {
      return values_.faults().add(entry.value->at, "\"" + key + "\" is no key of a secret");
    }
    json_[kSshSecret] = key;
  }

  ValueReader& values_;
  CheckoutPlace place_;
  CheckoutJson json_ = CheckoutJson::object();
};

void put_variable(model::Variables& env, const std::string& name, std::string value,
                  bool gives_way) {
  const auto known = std::ranges::find(env, name, &std::pair<std::string, std::string>::first);
  if (known == env.end()) {
    env.emplace_back(name, std::move(value));
  } else if (!gives_way) {
    known->second = std::move(value);
  }
}

/// The flags of one operation; none: nothing is said of it.
std::string flags_of(const CheckoutJson& checkout, std::string_view operation) {
  std::string flags;
  if (checkout.contains("flags")) flags = checkout["flags"].value(std::string(operation), "");
  const bool is_deep = operation == "clone" || operation == "fetch";
  if (!is_deep || !checkout.contains("depth")) return flags;
  if (flags.empty()) flags = operation == "clone" ? "-v" : "-v --prune";  // what agents have
  return flags + " --depth=" + checkout["depth"].dump();
}

std::string variable_of_flags(std::string_view operation) {
  std::string name(operation);
  std::ranges::transform(name, name.begin(), [](char c) { return static_cast<char>(c - 32); });
  return "BUILDKITE_GIT_" + name + "_FLAGS";
}

}  // namespace

std::string read_checkout(ValueReader& values, const YamlNode& value, CheckoutPlace place) {
  return CheckoutReader(values, place).read(value);
}

std::string merged_checkout(const std::string& of_pipeline, const std::string& of_step) {
  if (of_pipeline.empty() || of_step.empty()) return of_pipeline + of_step;
  CheckoutJson merged = CheckoutJson::parse(of_pipeline);
  merged.merge_patch(CheckoutJson::parse(of_step));
  return merged.dump();
}

void put_checkout(model::Variables& env, const std::string& checkout) {
  if (checkout.empty()) return;
  const CheckoutJson json = CheckoutJson::parse(checkout);
  for (const CheckoutSwitch& one : kSwitches) {
    if (json.contains(one.key)) put_variable(env, one.variable, json[one.key].dump(), false);
  }
  for (const std::string_view operation : kFlagKeys) {
    std::string flags = flags_of(json, operation);
    if (!flags.empty()) put_variable(env, variable_of_flags(operation), std::move(flags), true);
  }
  if (json.contains("sparse") && json["sparse"].contains("paths")) {
    const auto paths = json["sparse"]["paths"].get<std::vector<std::string>>();
    put_variable(env, "BUILDKITE_GIT_SPARSE_CHECKOUT_PATHS", joined(paths, ","), true);
  }
  if (json.contains("commit_verification")) {
    put_variable(env, "BUILDKITE_GIT_COMMIT_VERIFICATION",
                 json["commit_verification"].get<std::string>(), true);
  }
}

std::string ssh_secret_of(const std::string& checkout) {
  if (checkout.empty()) return {};
  return CheckoutJson::parse(checkout).value(kSshSecret, "");
}

}  // namespace ostler::pipeline
