// SPDX-License-Identifier: Apache-2.0
#include "pipeline/secrets_reader.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace ostler::pipeline {
namespace {

constexpr std::size_t kMostSecrets = 100;
constexpr std::size_t kLongestSecretName = 255;

bool is_key_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_key_digit(char c) { return c >= '0' && c <= '9'; }

bool are_word_characters(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return is_key_letter(c) || is_key_digit(c) || c == '_'; });
}

bool begins_with(std::string_view text, std::string_view lower_case) {
  return text.size() >= lower_case.size() &&
         std::ranges::equal(text.substr(0, lower_case.size()), lower_case, [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
         });
}

bool is_variable_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestSecretName && !is_key_digit(name[0]) &&
         are_word_characters(name);
}

class SecretsReader {
 public:
  SecretsReader(ValueReader& values, bool verbatim) : values_(values), verbatim_(verbatim) {}

  std::vector<NamedSecret> read(const YamlNode& value) {
    if (value.kind == YamlNode::Kind::Sequence) {
      for (const YamlNode* item : value.items) {
        if (secrets_.size() <= kMostSecrets) read_item(*item);
      }
    } else if (value.kind == YamlNode::Kind::Mapping) {
      for (const YamlEntry& entry : value.entries) {
        if (secrets_.size() > kMostSecrets) break;
        take(value_text(entry.key, entry.at), key_of(*entry.value), entry.at);
      }
    } else {
      fault(value.at, "secrets must be a list of keys, or a mapping of variables to keys");
    }
    if (secrets_.size() > kMostSecrets) fault(value.at, "more than 100 secrets; remove some");
    return std::move(secrets_);
  }

 private:
  void read_item(const YamlNode& item) {
    if (item.kind == YamlNode::Kind::Scalar) {
      const std::string key = key_of(item);
      return take(key, key, item.at);
    }
    if (item.kind != YamlNode::Kind::Mapping) {
      return fault(item.at, "a secret must be a key, or key: and environment_variable:");
    }
    std::string key;
    std::string variable;
    for (const YamlEntry& entry : item.entries) {
      if (entry.key == "key") {
        key = key_of(*entry.value);
      } else if (entry.key == "environment_variable") {
        variable = key_of(*entry.value);
      } else {
        fault(entry.at,
              "a secret has no \"" + entry.key + "\"; it takes key and environment_variable");
      }
    }
    take(variable, key, item.at);
  }

  void take(const std::string& variable, const std::string& key, model::SourcePosition at) {
    if (!is_secret_key(key)) {
      return fault(at, "\"" + key +
                           "\" is no key of a secret: letters, digits and _, a letter first, not "
                           "beginning with buildkite or bk");
    }
    if (!is_variable_name(variable)) {
      return fault(at, "\"" + variable +
                           "\" is no name of a variable: letters, digits and _, no digit first");
    }
    secrets_ = merged_secrets(std::move(secrets_), {{variable, key}});
  }

  std::string key_of(const YamlNode& node) {
    if (node.kind != YamlNode::Kind::Scalar) {
      fault(node.at, "a secret must be named by its key");
      return {};
    }
    return value_text(node.text, node.at);
  }
  std::string value_text(std::string_view text, model::SourcePosition at) {
    return verbatim_ ? values_.verbatim(text, at) : values_.interpolated(text, at);
  }
  void fault(model::SourcePosition at, std::string_view text) { values_.faults().add(at, text); }

  ValueReader& values_;
  bool verbatim_;
  std::vector<NamedSecret> secrets_;
};

}  // namespace

bool is_secret_key(std::string_view key) {
  return !key.empty() && key.size() <= kLongestSecretName && is_key_letter(key[0]) &&
         are_word_characters(key) && !begins_with(key, "buildkite") && !begins_with(key, "bk");
}

std::vector<NamedSecret> read_secrets(ValueReader& values, const YamlNode& value, bool verbatim) {
  return SecretsReader(values, verbatim).read(value);
}

std::vector<NamedSecret> merged_secrets(std::vector<NamedSecret> of_pipeline,
                                        const std::vector<NamedSecret>& of_step) {
  for (const NamedSecret& secret : of_step) {
    const auto known = std::ranges::find(of_pipeline, secret.variable, &NamedSecret::variable);
    if (known == of_pipeline.end()) {
      of_pipeline.push_back(secret);
    } else {
      known->key = secret.key;
    }
  }
  return of_pipeline;
}

std::string secrets_text(const std::vector<NamedSecret>& secrets) {
  if (secrets.empty()) return {};
  auto list = nlohmann::ordered_json::array();
  for (const NamedSecret& secret : secrets) {
    list.push_back({{"key", secret.key}, {"environment_variable", secret.variable}});
  }
  return list.dump();
}

std::vector<NamedSecret> secrets_in(const std::string& text) {
  std::vector<NamedSecret> secrets;
  if (text.empty()) return secrets;
  for (const auto& secret : nlohmann::json::parse(text)) {
    secrets.push_back({secret.at("environment_variable").get<std::string>(),
                       secret.at("key").get<std::string>()});
  }
  return secrets;
}

}  // namespace ostler::pipeline
