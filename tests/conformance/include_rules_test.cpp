// SPDX-License-Identifier: Apache-2.0
// The rules of agent/README.md, read from its table and held against every source file.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace ostler {
namespace {

namespace fs = std::filesystem;

struct Room {
  int layer = 0;
  std::set<std::string> siblings;
};

struct Include {
  std::string target;
  bool quoted = false;
};

fs::path source_root() { return std::getenv("OSTLER_SOURCE_DIR"); }

std::string read(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream content;
  content << in.rdbuf();
  return content.str();
}

std::set<std::string> names_in_backticks(const std::string& cell) {
  static const std::regex name("`([a-z_]+)`");
  std::set<std::string> names;
  for (std::sregex_iterator it(cell.begin(), cell.end(), name), end; it != end; ++it) {
    names.insert((*it)[1]);
  }
  return names;
}

std::map<std::string, Room> read_room_table(const fs::path& page) {
  static const std::regex row(R"(\| (\d) \| `([a-z_]+)` \|[^|]*\|([^|]*)\|)");
  std::map<std::string, Room> rooms;
  std::ifstream in(page);
  for (std::string line; std::getline(in, line);) {
    std::smatch match;
    if (!std::regex_search(line, match, row)) continue;
    rooms[match[2]] = {std::stoi(match[1]), names_in_backticks(match[3])};
  }
  return rooms;
}

std::vector<fs::path> sources_below(const fs::path& root) {
  std::vector<fs::path> sources;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const auto extension = entry.path().extension();
    if (extension == ".cpp" || extension == ".hpp" || extension == ".h") {
      sources.push_back(entry.path());
    }
  }
  return sources;
}

std::vector<Include> includes_of(const fs::path& source) {
  static const std::regex line(R"re(^\s*#\s*include\s*([<"])([^>"]+)[>"])re");
  std::vector<Include> includes;
  std::istringstream in(read(source));
  for (std::string text; std::getline(in, text);) {
    std::smatch match;
    if (std::regex_search(text, match, line)) includes.push_back({match[2], match[1] == "\""});
  }
  return includes;
}

bool is_ours(const std::map<std::string, Room>& rooms, const std::string& target) {
  return rooms.contains(target.substr(0, target.find('/')));
}

/// Why `room` may not include `target`, or nothing when it may.
std::string objection(const std::map<std::string, Room>& rooms, const std::string& room,
                      const std::string& target) {
  const std::string other = target.substr(0, target.find('/'));
  if (target.starts_with("..") || target.starts_with("agent/")) {
    return "includes start at the root of agent/";
  }
  const auto found = rooms.find(other);
  if (found == rooms.end()) return "no such room in agent/README.md";
  const Room& own = rooms.at(room);
  if (other == room || found->second.layer < own.layer) return "";
  if (found->second.layer > own.layer) return "a higher layer";
  return own.siblings.contains(other) ? ""
                                      : "a room of the same layer that the table does not list";
}

bool allowed_in_a_header(const std::string& file, const std::string& target, int layer) {
  if (target.starts_with("boost/outcome/")) return file == "base/result.hpp";
  if (target == "nlohmann/json_fwd.hpp") return layer >= 3;
  static const std::set<std::string> asio = {
      "boost/asio/any_io_executor.hpp", "boost/asio/awaitable.hpp", "boost/asio/io_context.hpp",
      "boost/asio/strand.hpp", "boost/asio/thread_pool.hpp"};
  return asio.contains(target) && layer >= 3;
}

bool is_third_party(const std::string& target) {
  static const std::regex library(
      R"(^(boost|nlohmann|spdlog|fmt|curl|CLI|yaml-cpp|openssl|git2|re2|valijson|prometheus)/|)"
      R"(^(sqlite3|git2|expat|libdeflate|archive|zlib|libpq-fe)\.h$)");
  return std::regex_search(target, library);
}

TEST(IncludeRules, TableNamesEveryRoomThatExists) {
  const auto rooms = read_room_table(source_root() / "agent/README.md");
  ASSERT_GT(rooms.size(), 20u);
  for (const auto& entry : fs::directory_iterator(source_root() / "agent")) {
    const std::string name = entry.path().filename();
    if (!entry.is_directory() || name == "cmake" || name == "docs") continue;
    EXPECT_TRUE(rooms.contains(name)) << "agent/" << name << " is not in agent/README.md";
  }
}

TEST(IncludeRules, RoomsIncludeOnlyWhatTheTableAllows) {
  const auto rooms = read_room_table(source_root() / "agent/README.md");
  for (const auto& source : sources_below(source_root() / "agent")) {
    const std::string file = fs::relative(source, source_root() / "agent");
    const std::string room = file.substr(0, file.find('/'));
    for (const auto& include : includes_of(source)) {
      if (!include.quoted || !rooms.contains(room)) continue;
      EXPECT_EQ(objection(rooms, room, include.target), "") << file << ": " << include.target;
    }
  }
}

TEST(IncludeRules, ThirdPartyHeadersStayInSourceFiles) {
  const auto rooms = read_room_table(source_root() / "agent/README.md");
  for (const auto& source : sources_below(source_root() / "agent")) {
    const std::string file = fs::relative(source, source_root() / "agent");
    const auto room = rooms.find(file.substr(0, file.find('/')));
    if (source.extension() != ".hpp" || room == rooms.end()) continue;
    for (const auto& include : includes_of(source)) {
      if (!is_third_party(include.target) || is_ours(rooms, include.target)) continue;
      EXPECT_TRUE(allowed_in_a_header(file, include.target, room->second.layer))
          << file << ": " << include.target;
    }
  }
}

TEST(IncludeRules, EveryTestFileIsBuilt) {
  for (const auto& source : sources_below(source_root() / "tests")) {
    const std::string name = source.filename();
    if (!name.ends_with("_test.cpp") && !name.ends_with("_fuzz.cpp") &&
        !name.ends_with("_bench.cpp"))
      continue;
    fs::path folder = source.parent_path();
    while (!fs::exists(folder / "CMakeLists.txt")) folder = folder.parent_path();
    const std::string list = read(folder / "CMakeLists.txt");
    EXPECT_NE(list.find(name), std::string::npos) << source << " is in no target";
  }
}

TEST(IncludeRules, TopLevelHoldsOnlyWhatTheArchitectureNames) {
  static const std::set<std::string> allowed = {"agent",    "plugins", "hooks",     "sdk",
                                                "examples", "tests",   "packaging", "build"};
  for (const auto& entry : fs::directory_iterator(source_root())) {
    const std::string name = entry.path().filename();
    if (!entry.is_directory() || name.starts_with(".")) continue;
    EXPECT_TRUE(allowed.contains(name)) << name << "/ at the top level";
  }
}

TEST(IncludeRules, NoRoomIsADump) {
  static const std::set<std::string> refused = {"util",   "utils", "common", "helpers",
                                                "helper", "misc",  "core",   "shared"};
  for (const char* top : {"agent", "tests"}) {
    for (const auto& entry : fs::recursive_directory_iterator(source_root() / top)) {
      if (!entry.is_directory()) continue;
      EXPECT_FALSE(refused.contains(entry.path().filename())) << entry.path();
    }
  }
}

TEST(IncludeRules, FilesStayBelowTheWall) {
  for (const auto& source : sources_below(source_root() / "agent")) {
    const std::string content = read(source);
    const auto lines = std::count(content.begin(), content.end(), '\n');
    EXPECT_LE(lines, 800) << source;
    EXPECT_TRUE(content.starts_with("// SPDX-License-Identifier: Apache-2.0")) << source;
  }
}

/// Lines that are neither blank nor a comment's own.
int lines_of_code(const std::string& text) {
  static const std::regex none(R"(^\s*(/\*.*|\*.*|//.*|)$)");
  int count = 0;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) count += std::regex_match(line, none) ? 0 : 1;
  return count;
}

TEST(IncludeRules, TheBoxStaysSmall) {
  int lines = 0;
  for (const auto& entry : fs::directory_iterator(source_root() / "agent/box")) {
    if (entry.path().extension() == ".c") lines += lines_of_code(read(entry.path()));
  }
  EXPECT_GT(lines, 500);
  EXPECT_LT(lines, 1000);
}

}  // namespace
}  // namespace ostler
