// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/uuid.hpp"

// What GraphQL and REST v2 have in common is little: documents come as text, ids are other ones.
// Source: rest-api, 19.
namespace ostler::wire {

/// A GraphQL document with one space between its words and signs, without comments and without
/// `__typename`, which generated clients add: what asks for the same reads the same.
std::string normalised_graphql(std::string_view document);

/// The body of a GraphQL call.
struct GraphqlRequest {
  std::string query;
  /// Those that are texts, numbers and "true" or "false"; of an object its `id`; of a list all of
  /// its items. Those that are null, empty or nothing of this are left out.
  std::map<std::string, std::vector<std::string>> variables;

  /// The variable of that name; empty when there is none.
  std::string variable(const std::string& name) const;
  /// As a list, which GraphQL makes of one value too.
  std::vector<std::string> list(const std::string& name) const;
  bool has(const std::string& name) const { return variables.contains(name); }
  /// Whether the document asks for a field (or names something else) of that name.
  bool asks_for(std::string_view field) const;
};
/// Errors: Protocol when the text is not a JSON object with a query.
Result<GraphqlRequest> decode_graphql_request(std::string_view json);

/// The UUID that an id of one of these kinds has in it: base64 of "<kind>---<uuid>", or the plain
/// UUID. None: it is of another kind, or no id.
std::optional<Uuid> uuid_of_graphql_id(std::string_view id, std::string_view kind);

/// {"data": ..., "errors": [{"message"}]}; `data` is JSON.
std::string encode_graphql_refusal(std::string_view data, std::string_view message);
/// {"data": ...}.
std::string encode_graphql_answer(std::string_view data);

/// "WAITING_FAILED": a state as GraphQL prints it, of the one that REST prints. A job that ended
/// is FINISHED either way.
std::string graphql_job_state(std::string_view rest_state);
std::string graphql_build_state(std::string_view rest_state);

}  // namespace ostler::wire
