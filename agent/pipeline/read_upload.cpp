// SPDX-License-Identifier: Apache-2.0
#include "pipeline/read_upload.hpp"

#include <yaml-cpp/emitter.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/ascii.hpp"
#include "pipeline/core_scalar.hpp"
#include "pipeline/document_json.hpp"
#include "pipeline/exact_json.hpp"
#include "pipeline/scalar_text.hpp"
#include "pipeline/upload_form.hpp"
#include "pipeline/yaml_document.hpp"

namespace ostler::pipeline {
namespace {

using Json = nlohmann::ordered_json;

UploadDocument upload_document(const YamlNode& root, const UploadReading& how, FaultList& faults) {
  UploadDocument document;
  const std::string json = document_json(root, faults, how.variables);
  if (!faults.empty()) return document;
  document.json = upload_form(json, root, faults, document.warnings);
  return document;
}

/// A text that a YAML reader would not take for a text if it stood without quotes.
bool needs_quotes(const std::string& text) {
  constexpr std::string_view kWords[] = {"",  "~", "<<",  "=",  "null", "true", "false",
                                         "y", "n", "yes", "no", "on",   "off"};
  if (std::ranges::find(kWords, lower_case(text)) != std::end(kWords)) return true;
  const bool may_be_number = text.find_first_of("0123456789") != text.npos;
  return may_be_number || value_text(text) != text || is_infinite_or_nan(text);
}

void emit(YAML::Emitter& out, const Json& value) {
  if (value.is_object()) {
    if (value.empty()) out << YAML::Flow;
    out << YAML::BeginMap;
    for (const auto& [key, member] : value.items()) {
      out << YAML::Key;
      if (needs_quotes(key)) out << YAML::DoubleQuoted;
      out << key << YAML::Value;
      emit(out, member);
    }
    out << YAML::EndMap;
  } else if (value.is_array()) {
    if (value.empty()) out << YAML::Flow;
    out << YAML::BeginSeq;
    for (const Json& item : value) emit(out, item);
    out << YAML::EndSeq;
  } else if (value.is_string()) {
    const std::string& text = value.get_ref<const std::string&>();
    if (needs_quotes(text)) out << YAML::DoubleQuoted;
    out << text;
  } else if (value.is_null()) {
    out << YAML::Null;
  } else {
    out << exact_json_text(value);
  }
}

}  // namespace

Result<std::vector<UploadDocument>> read_upload(std::string_view text, std::string_view file,
                                                const UploadReading& how) {
  FaultList faults(file);
  auto uploads = read_upload(text, how, faults);
  if (!faults.empty()) return faults.error();
  return uploads;
}

std::vector<UploadDocument> read_upload(std::string_view text, const UploadReading& how,
                                        FaultList& faults) {
  std::vector<UploadDocument> uploads;
  const auto documents = read_yaml(text, faults);
  for (const auto& document : documents) {
    if (!faults.empty()) return uploads;
    uploads.push_back(upload_document(document->root(), how, faults));
  }
  return uploads;
}

std::string indented_json(const UploadDocument& document) {
  return exact_json_text(parse_exact_json<Json>(document.json), 2) + "\n";
}

std::string yaml(const UploadDocument& document) {
  YAML::Emitter out;
  emit(out, parse_exact_json<Json>(document.json));
  return std::string(out.c_str()) + "\n";
}

}  // namespace ostler::pipeline
