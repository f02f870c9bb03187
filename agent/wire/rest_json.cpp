// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_json.hpp"

#include "base/base64.hpp"
#include "wire/json_string_stream.hpp"

namespace ostler::wire {
namespace {

void append_string(std::string& out, std::string_view text) {
  JsonStringStream stream;
  out += '"';
  stream.append(text, out);
  stream.finish(out);
  out += '"';
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string out;
  append_string(out, text);
  return out;
}

std::string json_array(const std::vector<std::string>& items) {
  std::string out = "[";
  for (const std::string& item : items) {
    if (out.size() > 1) out += ',';
    out += item;
  }
  return out + "]";
}

JsonObjectText& JsonObjectText::raw(std::string_view key, std::string_view json) {
  if (text_.size() > 1) text_ += ',';
  append_string(text_, key);
  text_ += ':';
  text_ += json;
  return *this;
}

JsonObjectText& JsonObjectText::text(std::string_view key, std::string_view value) {
  raw(key, "");
  append_string(text_, value);
  return *this;
}

JsonObjectText& JsonObjectText::text_or_null(std::string_view key, std::string_view value) {
  return value.empty() ? null(key) : text(key, value);
}

JsonObjectText& JsonObjectText::number(std::string_view key, std::optional<std::int64_t> value) {
  return raw(key, value ? std::to_string(*value) : "null");
}

JsonObjectText& JsonObjectText::flag(std::string_view key, bool value) {
  return raw(key, value ? "true" : "false");
}

JsonObjectText& JsonObjectText::time(std::string_view key, const std::optional<Timestamp>& at) {
  return at ? text(key, format_rfc3339(*at)) : null(key);
}

JsonObjectText& JsonObjectText::texts(std::string_view key,
                                      const std::vector<std::string>& values) {
  std::vector<std::string> items;
  items.reserve(values.size());
  for (const std::string& value : values) items.push_back(json_string(value));
  return raw(key, json_array(items));
}

JsonObjectText& JsonObjectText::strings(std::string_view key, const model::Variables& values) {
  JsonObjectText object;
  for (const auto& [name, value] : values) object.text(name, value);
  return raw(key, object.finish());
}

std::string JsonObjectText::finish() { return std::move(text_) + '}'; }

std::string graphql_id(std::string_view kind, const Uuid& uuid) {
  return base64(std::string(kind) + "---" + uuid.str());
}

}  // namespace ostler::wire
