// SPDX-License-Identifier: Apache-2.0
#include "conformance/sdk/reference_page.hpp"

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <sstream>

#include "files/file.hpp"

namespace ostler::sdk {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHead =
    "# Reference of the SDK\n\n"
    "Written from the headers by `OSTLER_REWRITE_DOCS=1 conformance_sdk`; `README.md` is where to "
    "begin.\n\n"
    "A line under each function of C says from which thread and in which states of the plugin it "
    "is called (those of `ostler/abi.h`; none named: from the begin of `init()` until `run()` "
    "returns), whether it blocks, what a cancel of the job does to it, and which statuses it "
    "returns. What is passed to a function is borrowed until it returns, unless its text says "
    "longer. Methods of C++ throw `CallFailed` with the same statuses, and block and end as the "
    "functions that they call.\n";

std::string escaped(const std::string& text) {
  return std::regex_replace(text, std::regex("([*<|])"), "\\$1");
}

/// Prose in paragraphs, lists; what is set in columns stays so.
std::string prose(const std::string& comment) {
  std::string text;
  std::string paragraph;
  const auto end_paragraph = [&] {
    const bool is_list = paragraph.starts_with("- ");
    const bool is_set = !is_list && std::regex_search(paragraph, std::regex("(^|\\n)  +\\S"));
    if (is_list) text += escaped(paragraph) + "\n";
    if (is_set) text += "```text\n" + paragraph + "```\n\n";
    if (!is_set && !is_list && !paragraph.empty()) {
      std::string plain = escaped(paragraph);
      std::ranges::replace(plain, '\n', ' ');
      plain.pop_back();
      text += plain + "\n\n";
    }
    paragraph.clear();
  };
  std::istringstream lines(comment);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) end_paragraph();
    if (!line.empty()) paragraph += line + "\n";
  }
  end_paragraph();
  return text;
}

std::string statuses_of(const Item& item, const Item* section) {
  if (item.code.find("ostler_status_t") != 0) return "";
  std::set<std::string> found;
  static const std::regex kStatus(
      "OSTLER_(CANCELLED|TIMEOUT|NOT_FOUND|DENIED|CONFLICT|UNAVAILABLE|INVALID|FAILED)\\b");
  // What ostler/call.h says of all.
  constexpr const char* kOfServices = " OSTLER_CANCELLED OSTLER_UNAVAILABLE ";
  const bool is_service = item.name.find('.') == item.name.npos;
  const std::string said = (is_service ? kOfServices : "") + item.comment + " " +
                           item.terms.cancel + (section == nullptr ? "" : " " + section->comment);
  for (std::sregex_iterator it(said.begin(), said.end(), kStatus), end; it != end; ++it) {
    found.insert(it->str());
  }
  std::string list = "`OSTLER_OK`";
  for (const std::string& status : found) list += ", `" + status + "`";
  return list;
}

void add_function(std::string& page, const Item& item, const Item* section) {
  page += "#### " + item.name + "\n\n```c\n" + item.code + "\n```\n\n" + prose(item.comment);
  if (!item.terms.is_whole()) return;
  page += "*" + item.terms.thread + "* · *" + item.terms.blocking +
          "* · *after a cancel: " + item.terms.cancel + "*";
  const std::string statuses = statuses_of(item, section);
  page += (statuses.empty() ? "" : " · " + statuses) + "\n\n";
}

void add_item(std::string& page, const Item& item, const Item* section) {
  switch (item.kind) {
    case Item::Kind::Section: page += "### " + item.name + "\n\n" + prose(item.comment); break;
    case Item::Kind::Type:
      page +=
          "#### " + item.name + "\n\n" + prose(item.comment) + "```c\n" + item.code + "\n```\n\n";
      break;
    case Item::Kind::Class:
      page += "### " + item.name + "\n\n" + prose(item.comment);
      if (!item.code.empty()) page += "```cpp\n" + item.code + "\n```\n\n";
      break;
    case Item::Kind::Function:
      if (item.name.starts_with("ostler::")) {
        page += "```cpp\n" + item.code + ";\n```\n\n" + prose(item.comment);
      } else {
        add_function(page, item, section);
      }
      break;
  }
}

}  // namespace

std::vector<Header> read_headers(const std::string& include_directory) {
  const fs::path root = fs::path(include_directory) / "ostler";
  const auto text_of = [&](const std::string& name) {
    return files::read_file(root / name).value();
  };
  std::vector<Header> headers = {read_c_header("ostler/abi.h", text_of("abi.h"), {}),
                                 read_c_header("ostler/call.h", text_of("call.h"), {})};
  const Terms general = headers.back().terms;
  std::set<std::string> c_names;
  std::set<std::string> cpp_names;
  for (const auto& entry : fs::directory_iterator(root)) c_names.insert(entry.path().filename());
  for (const auto& entry : fs::directory_iterator(root / "cpp")) {
    cpp_names.insert("cpp/" + entry.path().filename().string());
  }
  for (const std::string& name : c_names) {
    if (!name.ends_with(".h") || name == "abi.h" || name == "call.h") continue;
    headers.push_back(read_c_header("ostler/" + name, text_of(name), general));
  }
  for (const std::string& name : cpp_names) {
    headers.push_back(read_cpp_header("ostler/" + name, text_of(name)));
  }
  return headers;
}

std::string reference_page(const std::vector<Header>& headers) {
  std::string page = kHead;
  for (const Header& header : headers) {
    page += "\n## " + header.name + "\n\n";
    const bool is_abi = header.name == "ostler/abi.h";
    page += is_abi ? "```text\n" + header.about + "\n```\n\n" : prose(header.about);
    const Item* section = nullptr;
    for (const Item& item : header.items) {
      if (item.kind == Item::Kind::Section) section = &item;
      add_item(page, item, section);
    }
    page.pop_back();
  }
  return page;
}

}  // namespace ostler::sdk
