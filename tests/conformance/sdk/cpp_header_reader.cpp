// SPDX-License-Identifier: Apache-2.0
#include <regex>
#include <sstream>

#include "conformance/sdk/header_reader.hpp"

namespace ostler::sdk {
namespace {

/// The declaration that a definition begins with: as far as its body, or the members that it sets.
std::string declaration_of(const std::string& text) {
  int parentheses = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') ++parentheses;
    if (text[i] == ')') --parentheses;
    const bool is_body = text[i] == '{' || text.compare(i, 3, " : ") == 0;
    if (parentheses == 0 && is_body) return text.substr(0, text.find_last_not_of(' ', i - 1) + 1);
    if (parentheses == 0 && text[i] == ';') return text.substr(0, i);
  }
  return text;
}

/// Reads line by line, as clang-format has set them.
class CppReader {
 public:
  explicit CppReader(Header& header) : header_(header) {}

  void read(const std::string& text) {
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) take(line);
  }

 private:
  void take(const std::string& line) {
    if (line == "namespace detail {") is_detail_ = true;
    if (line == "}  // namespace detail") is_detail_ = false;
    if (is_detail_) return;
    static const std::regex kComment("^ *///(?!<) ?(.*)");
    std::smatch found;
    if (declaration_.empty() && std::regex_match(line, found, kComment)) {
      comment_ += found[1].str() + "\n";
    } else if (!class_.empty()) {
      take_in_class(line);
    } else {
      take_outside(line);
    }
  }

  void take_outside(const std::string& line) {
    static const std::regex kClass("^(class|struct) (\\w+).*\\{$");
    static const std::regex kNamespace("^namespace ostler.*\\{$");
    std::smatch found;
    if (std::regex_match(line, found, kClass)) {
      class_ = found[2];
      is_shown_ = found[1] == "struct";
      is_data_ = is_shown_;
      header_.items.push_back({Item::Kind::Class, "ostler::" + class_, comment_, "", {}});
      if (is_data_) header_.items.back().code = line + "\n";
      comment_.clear();
    } else if (std::regex_match(line, kNamespace)) {
      if (header_.about.empty()) header_.about = comment_;
      comment_.clear();
    } else if (line.starts_with("inline ") || line.starts_with("#define OSTLER_") ||
               !declaration_.empty()) {
      take_declaration(line, 0);
    } else if (line.empty()) {
      comment_.clear();
    }
  }

  void take_in_class(const std::string& line) {
    if (line == "};") {
      if (is_data_) header_.items.back().code += line;
      class_.clear();
      comment_.clear();
    } else if (is_data_) {
      header_.items.back().code += line + "\n";
    } else if (line == " public:" || line == " private:") {
      is_shown_ = line == " public:";
      comment_.clear();
    } else if (is_shown_) {
      take_declaration(line, 2);
    }
  }

  /// A body that the line does not end is skipped.
  void take_declaration(const std::string& line, std::size_t indent) {
    const std::string margin(indent, ' ');
    if (is_body_) {
      if (line.starts_with(margin + "}")) is_body_ = false;
      return;
    }
    if (line.starts_with("#define")) return add(line.substr(0, line.find(')') + 1));
    if (line.empty() || line.starts_with("template") || line.starts_with("#")) return;
    const std::string part = line.substr(std::min(line.size(), line.find_first_not_of(' ')));
    declaration_ += (declaration_.empty() ? "" : " ") + part;
    if (!line.ends_with("{") && !line.ends_with("}") && !line.ends_with(";")) return;
    is_body_ = line.ends_with("{");
    add(declaration_of(declaration_));
  }

  void add(const std::string& declaration) {
    static const std::regex kOwnAffair("^(explicit )?\\w+\\(\\w+&&|^~|operator=|= delete");
    static const std::regex kName("(\\w+)\\(");
    std::smatch name;
    if (!std::regex_search(declaration, kOwnAffair) &&
        std::regex_search(declaration, name, kName)) {
      const std::string place = class_.empty() ? "" : class_ + "::";
      header_.items.push_back(
          {Item::Kind::Function, "ostler::" + place + name[1].str(), comment_, declaration, {}});
    }
    declaration_.clear();
    comment_.clear();
  }

  Header& header_;
  std::string class_;
  std::string comment_;
  std::string declaration_;
  bool is_shown_ = false;
  bool is_data_ = false;
  bool is_body_ = false;
  bool is_detail_ = false;
};

}  // namespace

Header read_cpp_header(const std::string& name, const std::string& text) {
  Header header{.name = name, .about = ""};
  CppReader(header).read(text);
  return header;
}

}  // namespace ostler::sdk
