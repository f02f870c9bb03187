// SPDX-License-Identifier: Apache-2.0
// Plugins that one person publishes and another one has from the hub.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "crypto/digest.hpp"
#include "files/file.hpp"
#include "plugin_host/lock_file.hpp"
#include "support/hub_process.hpp"
#include "support/person.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

/// An author, and somebody with an empty store in a repository whose pipeline wants the zoo.
class PluginOfAnother : public testing::Test {
 protected:
  PluginOfAnother() {
    const fs::path built = std::getenv("OSTLER_BUILD_DIR");
    fs::create_directories(zoo_);
    for (const char* name : {"plugin.json", "zoo.so"}) {
      fs::copy(built / "tests/integration/plugin_host/zoo" / name, zoo_ / name);
    }
    fs::create_directories(home_ / ".buildkite");
    std::ofstream(home_ / ".buildkite/pipeline.yml")
        << "steps: [{label: zoo, plugins: [{\"ostler://zoo#1\": {do: pass}}]}]\n";
    std::ofstream(home_ / ".gitignore") << ".local\n.config\nstore\n";
    const auto made = friend_.shell(
        "git init -q -b main && git add . && git -c user.name=a -c user.email=a@b commit -qm all");
    EXPECT_EQ(made.code, 0) << made.err;
  }

  /// Publishes the zoo as that version; the digest of its plugin.json.
  std::string publish(const std::string& version, const std::string& platform = own()) const {
    change("\"version\" : \"1.0.0\"", "\"version\" : \"" + version + "\"");
    author_.said({"plugin", "publish", zoo_, "--platform", platform});
    const std::string text = files::read_file(zoo_ / "plugin.json").value();
    change("\"version\" : \"" + version + "\"", "\"version\" : \"1.0.0\"");
    return crypto::sha256_hex(text);
  }
  void change(const std::string& from, const std::string& to) const {
    std::string text = files::read_file(zoo_ / "plugin.json").value();
    ASSERT_NE(text.find(from), std::string::npos) << text;
    text.replace(text.find(from), from.size(), to);
    std::ofstream(zoo_ / "plugin.json") << text;
  }
  static std::string own() { return plugin_host::own_platform(); }

  const support::TempDirectory directory_;
  const fs::path zoo_ = directory_ / "zoo";
  const fs::path home_ = directory_ / "friend";
  support::HubProcess hub_{directory_.path()};
  support::Person author_{hub_, directory_.path()};
  support::Person friend_{hub_, home_};
};

TEST_F(PluginOfAnother, IsListed) {
  EXPECT_THAT(friend_.said({"plugin", "list", "--hub"}), HasSubstr("no plugins at " + hub_.url()));
  const std::string digest = publish("1.10.0");
  publish("1.9.0");
  publish("1.9.0", "linux-other-glibc");
  const std::string listed = friend_.said({"plugin", "list", "--hub"});
  EXPECT_THAT(listed, ContainsRegex("ID +VERSION +PLATFORM +SIZE +PUBLISHED +SIGNED WITH\n"
                                    "zoo +1\\.9\\.0 +linux-other-glibc [^\n]+ now +not signed\n"
                                    "zoo +1\\.9\\.0 +linux-[^\n]+\n"
                                    "zoo +1\\.10\\.0 +linux-[^\n]+\n"));
  const json plugins = json::parse(friend_.said({"plugin", "list", "--hub", "--json"}));
  ASSERT_EQ(plugins.size(), 3u);
  EXPECT_EQ(plugins[2]["sha256"], digest);
  EXPECT_THAT(friend_.said({"plugin", "list"}), HasSubstr("no plugins in"));
}

}  // namespace
}  // namespace ostler
