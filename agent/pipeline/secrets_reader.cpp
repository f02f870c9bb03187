// SPDX-License-Identifier: Apache-2.0
#include "pipeline/secrets_reader.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/ascii.hpp"
#include "model/matrix.hpp"
#include "model/secret_key.hpp"

namespace ostler::pipeline {
namespace {

constexpr std::size_t kMostSecrets = 100;
constexpr std::size_t kLongestVariable = 255;

bool is_variable_name(std::string_view name) {
  constexpr std::string_view kDigits = "0123456789";
  constexpr std::string_view kWord = "abcdefghijklmnopqrstuvwxyz_0123456789";
  return !name.empty() && name.size() <= kLongestVariable &&
         kDigits.find(name[0]) == kDigits.npos &&
         lower_case(name).find_first_not_of(kWord) == name.npos;
}

/// Each job of a matrix has its value in place of a token.
std::string without_tokens(std::string_view text) {
  std::string plain;
  std::size_t from = 0;
  while (const auto token = model::find_matrix_token(text, from)) {
    plain.append(text.substr(from, token->begin - from)).append("x");
    from = token->end;
  }
  return plain.append(text.substr(from));
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
    if (!model::is_secret_key(without_tokens(key))) {
      return fault(at, "\"" + key +
                           "\" is no key of a secret: letters, digits and _, a letter first, not "
                           "beginning with buildkite or bk");
    }
    if (!is_variable_name(without_tokens(variable))) {
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
