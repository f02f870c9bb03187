// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/manifest.hpp"

#include <algorithm>
#include <functional>

#include "plugin_host/config_schema.hpp"
#include "plugin_host/permitted_pointers.hpp"
#include "plugin_host/semantic_version.hpp"
#include "plugin_host/unknown_keys.hpp"

namespace ostler::plugin_host {
namespace {

using Type = JsonValue::Type;
using Faults = std::vector<std::string>;

constexpr std::string_view kAbi = "0.2";
constexpr std::size_t kLongestId = 64;
constexpr std::size_t kMostWords = 32;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_version(const std::string& text) {
  return text.size() <= kLongestId && is_semantic_version(text);
}

/// The order of versions passes over build metadata: it could not tell which one is newer.
std::string version_rule(const JsonValue& document) {
  const JsonValue* version = document.member("version");
  const bool has_build = version != nullptr && version->type == Type::String &&
                         version->text.find('+') != std::string::npos;
  return has_build
             ? "a semantic version without build metadata (\"+...\"): two versions that differ "
               "by it alone have no order"
             : "a semantic version such as 1.2.3 or 1.2.3-rc.1, at most 64 bytes";
}

/// plugin.json and its signature are no files that it could list.
bool is_file_name(const std::string& text) {
  return !text.empty() && !text.starts_with("plugin.json") && text.front() != '.' &&
         text.find('/') == text.npos && text.find('\0') == text.npos && text.size() <= 255;
}

bool is_sha256(const std::string& text) {
  return text.size() == 64 &&
         std::ranges::all_of(text, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

/// Reads the members of the manifest, each once.
class Reader {
 public:
  Reader(const JsonValue& document, Faults& faults) : document_(document), faults_(faults) {}

  std::string text(std::string_view name, const std::function<bool(const std::string&)>& fits,
                   const std::string& rule) {
    const JsonValue* value = document_.member(name);
    if (value != nullptr && value->type == Type::String && fits(value->text)) return value->text;
    faults_.push_back(std::string(name) + ": " +
                      (value == nullptr ? "is missing; it is " : "must be ") + rule);
    return {};
  }

  const JsonValue* object(std::string_view name) {
    const JsonValue* value = document_.member(name);
    if (value == nullptr || value->type == Type::Object) return value;
    faults_.push_back(std::string(name) + ": must be an object");
    return nullptr;
  }

 private:
  const JsonValue& document_;
  Faults& faults_;
};

void read_files(const JsonValue* files, Manifest& manifest, Faults& faults) {
  for (const auto& [name, digest] :
       files == nullptr ? decltype(files->members){} : files->members) {
    if (!is_file_name(name)) {
      faults.push_back("files/" + name + ": must be the name of a file beside the manifest");
    } else if (digest.type != Type::String || !is_sha256(digest.text)) {
      faults.push_back("files/" + name + ": must be a SHA-256 in lower-case hex");
    } else {
      manifest.files.emplace_back(name, digest.text);
    }
  }
  if (!manifest.library.empty() &&
      (files == nullptr || files->member(manifest.library) == nullptr)) {
    faults.push_back("files: has no SHA-256 of " + manifest.library +
                     "; the CMake function of the SDK writes it");
  }
}

bool is_word(const JsonValue& value) {
  return value.type == Type::String && !value.text.empty() &&
         value.text.find('\0') == std::string::npos;
}

/// {"runtime": "exec", "interpreter": ["python3", "-I"]}; without the second it is a program
/// itself.
void read_runtime(const JsonValue& document, Manifest& manifest, Faults& faults) {
  const JsonValue* runtime = document.member("runtime");
  const JsonValue* interpreter = document.member("interpreter");
  if (runtime == nullptr && interpreter == nullptr) return;
  if (runtime == nullptr || runtime->text != "exec") {
    faults.push_back("runtime: must be \"exec\", or not be there for a shared object");
  }
  manifest.is_program = true;
  if (interpreter == nullptr) return;
  const bool fits = interpreter->type == Type::Array && !interpreter->items.empty() &&
                    interpreter->items.size() <= kMostWords &&
                    std::ranges::all_of(interpreter->items, is_word);
  if (!fits) {
    faults.push_back(
        "interpreter: must be a list of a program (a name, or an absolute path) and its arguments");
    return;
  }
  for (const JsonValue& word : interpreter->items) manifest.interpreter.push_back(word.text);
  const std::string& program = manifest.interpreter.front();
  if (program.find('/') != program.npos && program.front() != '/') {
    faults.push_back("interpreter: " + program + " is neither a name nor an absolute path");
  }
}

void read_kind(const JsonValue& document, Reader& reader, Faults& faults) {
  const JsonValue* kind = document.member("kind");
  if (kind != nullptr && kind->type == Type::String && kind->text == "provider") {
    faults.push_back("kind: \"provider\" is reserved and not yet loadable; a step has \"step\"");
    return;
  }
  reader.text("kind", [](const std::string& text) { return text == "step"; }, "\"step\"");
}

/// What the configuration is to name is looked for in a schema that has no faults.
void read_configuration(Reader& reader, Manifest& manifest, Faults& faults) {
  const std::size_t before = faults.size();
  if (const JsonValue* schema = reader.object("configuration")) {
    check_schema(*schema, faults);
    manifest.schema = *schema;
  }
  if (faults.size() == before) check_pointers(manifest.permissions, manifest.schema, faults);
}

}  // namespace

bool is_plugin_id(const std::string& text) {
  return !text.empty() && text.size() <= kLongestId && is_lower(text.front()) &&
         std::ranges::all_of(text, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

std::string Manifest::sha256_of(std::string_view file) const {
  const auto found =
      std::ranges::find_if(files, [&](const auto& entry) { return entry.first == file; });
  return found == files.end() ? "" : found->second;
}

std::optional<Manifest> read_manifest(std::string_view text, Faults& faults) {
  const std::size_t before = faults.size();
  const auto document = parse_json(text);
  if (!document || document.value().type != Type::Object) {
    faults.push_back(document ? "must be a JSON object" : document.error().message());
    return std::nullopt;
  }
  refuse_unknown(document.value(),
                 {"abi", "configuration", "description", "files", "id", "interpreter", "kind",
                  "library", "permissions", "runtime", "version"},
                 "", faults);
  Reader reader(document.value(), faults);
  Manifest manifest;
  manifest.id = reader.text("id", is_plugin_id, "[a-z][a-z0-9-]*, at most 64 bytes");
  manifest.version = reader.text("version", is_version, version_rule(document.value()));
  manifest.library = reader.text("library", is_file_name,
                                 "the file name of the shared object; the build writes it, so "
                                 "name the directory that the build makes");
  manifest.description = reader.text(
      "description", [](const std::string& line) { return line.find('\n') == line.npos; },
      "one line that says what the plugin does");
  read_kind(document.value(), reader, faults);
  reader.text(
      "abi", [](const std::string& abi) { return abi == kAbi; },
      "\"" + std::string(kAbi) + "\", the version of the plugin ABI of this host");
  read_runtime(document.value(), manifest, faults);
  read_files(reader.object("files"), manifest, faults);
  if (const JsonValue* permissions = reader.object("permissions")) {
    manifest.permissions = read_permissions(*permissions, faults);
  }
  read_configuration(reader, manifest, faults);
  if (faults.size() > before) return std::nullopt;
  return manifest;
}

}  // namespace ostler::plugin_host
