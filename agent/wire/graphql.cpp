// SPDX-License-Identifier: Apache-2.0
#include "wire/graphql.hpp"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "base/base64.hpp"
#include "wire/json_reader.hpp"
#include "wire/rest_json.hpp"

namespace ostler::wire {
namespace {

constexpr std::string_view kIdSeparator = "---";

bool is_word_part(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// The first word, sign or text of a document; empty at its end. White space, commas and comments
/// mean nothing. Source: GraphQL specification, 2.1.
std::string_view take_token(std::string_view& rest) {
  while (!rest.empty()) {
    const char c = rest.front();
    if (c == '#') {
      rest.remove_prefix(std::min(rest.size(), rest.find_first_of("\r\n")));
    } else if (c == ',' || std::isspace(static_cast<unsigned char>(c)) != 0) {
      rest.remove_prefix(1);
    } else {
      break;
    }
  }
  std::size_t size = rest.empty() ? 0 : 1;
  if (!rest.empty() && is_word_part(rest.front())) {
    while (size < rest.size() && is_word_part(rest[size])) ++size;
  } else if (rest.starts_with('"')) {
    while (size < rest.size() && rest[size] != '"') size += rest[size] == '\\' ? 2 : 1;
    size = std::min(rest.size(), size + 1);
  } else if (rest.starts_with("...")) {
    size = 3;
  }
  const std::string_view token = rest.substr(0, size);
  rest.remove_prefix(size);
  return token;
}

std::string upper(std::string_view text) {
  std::string upper(text);
  std::ranges::transform(upper, upper.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return upper;
}

/// The text of a variable: its own, or that of its `id`. None: it has neither.
std::optional<std::string> text_of_variable(const nlohmann::json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean() || value.is_number_integer()) return value.dump();
  const auto id = value.is_object() ? value.find("id") : value.end();
  if (id == value.end() || !id->is_string()) return std::nullopt;
  return id->get<std::string>();
}

std::vector<std::string> texts_of_variable(const nlohmann::json& value) {
  std::vector<std::string> texts;
  if (!value.is_array()) {
    if (auto text = text_of_variable(value)) texts.push_back(std::move(*text));
    return texts;
  }
  for (const nlohmann::json& item : value) {
    if (auto text = text_of_variable(item)) texts.push_back(std::move(*text));
  }
  return texts;
}

}  // namespace

std::string normalised_graphql(std::string_view document) {
  std::string text;
  for (auto token = take_token(document); !token.empty(); token = take_token(document)) {
    if (token == "__typename") continue;
    if (!text.empty()) text += ' ';
    text += token;
  }
  return text;
}

std::string GraphqlRequest::variable(const std::string& name) const {
  const auto found = variables.find(name);
  const bool is_empty = found == variables.end() || found->second.empty();
  return is_empty ? std::string() : found->second.front();
}

std::vector<std::string> GraphqlRequest::list(const std::string& name) const {
  const auto found = variables.find(name);
  return found == variables.end() ? std::vector<std::string>() : found->second;
}

bool GraphqlRequest::asks_for(std::string_view field) const {
  std::string_view rest = query;
  for (auto token = take_token(rest); !token.empty(); token = take_token(rest)) {
    if (token == field) return true;
  }
  return false;
}

Result<GraphqlRequest> decode_graphql_request(std::string_view text) {
  OSTLER_TRY(const nlohmann::json body, parse_json(text, "GraphQL call"));
  GraphqlRequest request;
  ObjectReader reader(body, "GraphQL call");
  reader.read("query", request.query);
  const nlohmann::json* variables = reader.object("variables");
  reader.require(!request.query.empty(), "query", "a document");
  OSTLER_TRY(reader.finish());
  if (variables == nullptr || !variables->is_object()) return request;
  for (const auto& [name, value] : variables->items()) {
    auto texts = texts_of_variable(value);
    if (!texts.empty()) request.variables.emplace(name, std::move(texts));
  }
  return request;
}

std::optional<Uuid> uuid_of_graphql_id(std::string_view id, std::string_view kind) {
  if (const auto plain = Uuid::parse(id)) return plain;
  const auto decoded = decode_base64(id);
  if (!decoded) return std::nullopt;
  const std::size_t end = decoded->find(kIdSeparator);
  if (end == decoded->npos || decoded->substr(0, end) != kind) return std::nullopt;
  return Uuid::parse(std::string_view(*decoded).substr(end + kIdSeparator.size()));
}

std::string encode_graphql_answer(std::string_view data) {
  return JsonObjectText().raw("data", data).finish();
}

std::string encode_graphql_refusal(std::string_view data, std::string_view message) {
  const std::string error = JsonObjectText().text("message", message).finish();
  return JsonObjectText().raw("data", data).raw("errors", json_array({error})).finish();
}

std::string graphql_job_state(std::string_view rest_state) {
  if (rest_state == "passed" || rest_state == "failed") return "FINISHED";
  return upper(rest_state);
}

std::string graphql_build_state(std::string_view rest_state) { return upper(rest_state); }

}  // namespace ostler::wire
