// SPDX-License-Identifier: Apache-2.0
// The store of step plugins as a person keeps it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "crypto/digest.hpp"
#include "files/file.hpp"
#include "plugin_host/lock_file.hpp"
#include "support/child_program.hpp"
#include "support/scripted_server.hpp"
#include "support/signing_key.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

namespace fs = std::filesystem;
using support::ProgramResult;
using testing::HasSubstr;

class PluginStore : public testing::Test {
 protected:
  PluginStore() {
    const fs::path built = std::getenv("OSTLER_BUILD_DIR");
    fs::create_directories(zoo_);
    for (const char* name : {"plugin.json", "zoo.so"}) {
      fs::copy(built / "tests/integration/plugin_host/zoo" / name, zoo_ / name);
    }
    fs::create_directories(tree_ / ".git");
    fs::create_directories(tree_ / ".buildkite");
    std::ofstream(tree_ / ".buildkite/pipeline.yml")
        << "steps: [{plugins: [{\"ostler://zoo#1\": {do: pass}}]}, {command: make}]\n";
  }

  ProgramResult ostler(std::vector<std::string> words) const {
    words.insert(words.begin(), {support::ostler_program(), "plugin"});
    support::ProgramOptions options;
    options.directory = tree_;
    options.environment["OSTLER_PLUGIN_STORE"] = store_;
    return support::run_program(words, options);
  }
  /// Its output; it must succeed.
  std::string said(std::vector<std::string> words) const {
    const auto result = ostler(std::move(words));
    EXPECT_EQ(result.code, 0) << result.err;
    return result.out;
  }
  fs::path archive() const {
    const fs::path path = directory_ / "zoo.tar.gz";
    const auto packed = support::run_program({"tar", "-czf", path, "-C", directory_.path(), "zoo"});
    EXPECT_EQ(packed.code, 0) << packed.err;
    return path;
  }
  /// The zoo in another version, or with other bytes in the same.
  void change_zoo(const std::string& from, const std::string& to) const {
    std::string text = files::read_file(zoo_ / "plugin.json").value();
    text.replace(text.find(from), from.size(), to);
    std::ofstream(zoo_ / "plugin.json") << text;
  }

  /// The files keyN and publicN.
  void write_keys(unsigned char number) const {
    const support::SigningKey pair(number);
    std::ofstream(directory_ / ("key" + std::to_string(number))) << pair.pem();
    std::ofstream(directory_ / ("public" + std::to_string(number))) << pair.public_pem();
  }

  const support::TempDirectory directory_;
  const fs::path zoo_ = directory_ / "zoo";
  const fs::path store_ = directory_ / "store";
  const fs::path tree_ = directory_ / "tree";
};

TEST_F(PluginStore, IsShownToProgramsAsJson) {
  EXPECT_EQ(said({"list", "--json"}), "[]\n");
  write_keys(1);
  said({"sign", zoo_, "--key", directory_ / "key1"});
  said({"install", zoo_});
  const auto listed = nlohmann::json::parse(said({"list", "--json"}));
  ASSERT_EQ(listed.size(), 1u);
  const auto shown = nlohmann::json::parse(said({"show", "zoo#1", "--json"}));
  EXPECT_EQ(listed[0], shown);
  const auto manifest = nlohmann::json::parse(files::read_file(zoo_ / "plugin.json").value());
  EXPECT_EQ(shown["manifest"], manifest);
  EXPECT_EQ(shown["version"], manifest["version"]);
  const auto publisher = nlohmann::json::parse(
      said({"verify", "zoo#1", "--key", directory_ / "public1", "--json"}))["publisher"];
  EXPECT_EQ(shown["signed_with"], publisher);
  const fs::path place = shown["directory"].get<std::string>();
  EXPECT_EQ(files::read_file(place / "plugin.json").value(),
            files::read_file(zoo_ / "plugin.json").value());
}

TEST_F(PluginStore, SaysFaultsToProgramsAsJson) {
  const auto fine = nlohmann::json::parse(said({"check", zoo_, "--json"}));
  EXPECT_EQ(fine["faults"], nlohmann::json::array());
  EXPECT_THAT(fine["plugin"].get<std::string>(), testing::StartsWith("zoo#1"));
  std::ofstream(zoo_ / "zoo.so", std::ios::app) << "more";
  const auto torn = ostler({"check", zoo_, "--json"});
  EXPECT_EQ(torn.code, 2);
  EXPECT_THAT(nlohmann::json::parse(torn.out)["faults"][0].get<std::string>(), HasSubstr("zoo.so"));
  EXPECT_EQ(torn.err, "");
  std::ofstream(zoo_ / "plugin.json") << "{}";
  const auto empty = ostler({"check", zoo_, "--json"});
  EXPECT_EQ(empty.code, 2);
  EXPECT_GE(nlohmann::json::parse(empty.out)["faults"].size(), 1u);
  EXPECT_EQ(nlohmann::json::parse(empty.out)["plugin"], nullptr);
  EXPECT_EQ(ostler({"check", directory_ / "none", "--json"}).out, "");
}

TEST_F(PluginStore, TakesADirectoryAndKeepsItReadOnly) {
  EXPECT_THAT(said({"install", zoo_}), HasSubstr("zoo#1.0.0 is installed in " + store_.string()));
  struct stat found{};
  ASSERT_EQ(::stat((store_ / "zoo/1.0.0/zoo.so").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777u, 0444u);
  ASSERT_EQ(::stat((store_ / "zoo/1.0.0").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777u, 0555u);
  EXPECT_THAT(said({"list"}), testing::ContainsRegex("zoo +1\\.0\\.0 +does not see the workspace"));
  EXPECT_THAT(said({"check", "zoo#1"}), HasSubstr("no faults"));
  EXPECT_THAT(said({"install", zoo_}), HasSubstr("was installed"));
}

TEST_F(PluginStore, TellsProgramsWhatItTookAndPinned) {
  using nlohmann::json;
  write_keys(1);
  const json is_signed = json::parse(said({"sign", zoo_, "--key", directory_ / "key1", "--json"}));
  const std::string publisher = is_signed["publisher"];
  const json made = json::parse(said({"install", zoo_, "--key", directory_ / "public1", "--json"}));
  EXPECT_EQ(made["id"], "zoo");
  EXPECT_EQ(made["version"], "1.0.0");
  EXPECT_EQ(made["directory"], (store_ / "zoo/1.0.0").string());
  EXPECT_EQ(made["checked_publisher"], publisher);
  EXPECT_EQ(made["is_new"], true);
  const json again = json::parse(said({"install", zoo_, "--json"}));
  EXPECT_EQ(again["is_new"], false);
  EXPECT_EQ(again["signed_with"], publisher);
  EXPECT_EQ(again["checked_publisher"], nullptr);
  std::ofstream(tree_ / "plugins.lock")
      << "greet 1.0.0 linux-other-glibc sha256:" << std::string(64, 'a') << "\n";
  const json pinned = json::parse(said({"lock", "--json"}));
  EXPECT_EQ(pinned["file"], (tree_ / "plugins.lock").string());
  ASSERT_EQ(pinned["plugins"].size(), 1u);
  EXPECT_EQ(pinned["plugins"][0]["sha256"], made["sha256"]);
  ASSERT_EQ(pinned["removed"].size(), 1u);
  EXPECT_EQ(pinned["removed"][0]["id"], "greet");
}

TEST_F(PluginStore, IsMadeBeforeTheAgentThatUsesIt) {
  const fs::path state = directory_ / "home/ostler/agent";
  said({"install", zoo_, "--store", state / "plugins"});
  struct stat found{};
  ASSERT_EQ(::stat(state.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777u, 0700u) << "an agent refuses it";
}

TEST_F(PluginStore, ReplacesAVersionOnlyWhenToldSo) {
  said({"install", zoo_});
  change_zoo("mostly wrong", "otherwise");
  const auto refused = ostler({"install", zoo_});
  EXPECT_NE(refused.code, 0);
  EXPECT_THAT(refused.err, HasSubstr("another zoo#1.0.0 is installed"));
  EXPECT_THAT(said({"list"}), HasSubstr("mostly wrong"));
  said({"install", zoo_, "--replace"});
  EXPECT_THAT(said({"list"}), HasSubstr("otherwise"));
  EXPECT_EQ(std::distance(fs::directory_iterator(store_ / "zoo"), {}), 1) << "something is left";
  said({"remove", "zoo#1.0.0"});
  EXPECT_FALSE(fs::exists(store_ / "zoo"));
}

TEST_F(PluginStore, RefusesWhatHasFaultsAndLeavesNothing) {
  std::ofstream(zoo_ / "zoo.so", std::ios::app) << "x";
  const auto refused = ostler({"install", zoo_});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("not that of the manifest"));
  EXPECT_FALSE(fs::exists(store_));
}

TEST_F(PluginStore, TakesAnArchiveAndNothingThatLeadsOutOfIt) {
  EXPECT_THAT(said({"install", archive()}), HasSubstr("zoo#1.0.0 is installed"));
  fs::create_symlink("/etc/passwd", zoo_ / "link");
  EXPECT_THAT(ostler({"install", archive()}).err, HasSubstr("is no file at the top"));
  const fs::path upward = directory_ / "up.tar";
  support::run_program({"tar", "-cPf", upward, "-C", tree_, "../zoo/plugin.json"});
  EXPECT_THAT(ostler({"install", upward}).err, HasSubstr("is no file at the top"));
  std::ofstream(directory_ / "text.tar") << "no archive\n";
  EXPECT_THAT(ostler({"install", directory_ / "text.tar"}).err, HasSubstr("no tar archive"));
}

TEST_F(PluginStore, TakesAnAddressOnlyWithTheDigestOfWhatIsThere) {
  const std::string bytes = files::read_file(archive()).value();
  const support::ScriptedServer server(
      [&](const support::ServerRequest& request) -> boost::asio::awaitable<support::ServerAnswer> {
        const bool is_there = request.target == "/zoo.tar.gz";
        co_return support::ServerReply{is_there ? 200 : 404, is_there ? bytes : ""};
      });
  const std::string url = server.url() + "/zoo.tar.gz";
  EXPECT_THAT(ostler({"install", url}).err, HasSubstr("write URL#SHA256"));
  const auto wrong = ostler({"install", url + "#" + std::string(64, '0')});
  EXPECT_THAT(wrong.err, HasSubstr("it was not installed"));
  EXPECT_FALSE(fs::exists(store_));
  const std::string digest = crypto::sha256_hex(bytes);
  EXPECT_THAT(ostler({"install", server.url() + "/no#" + digest}).err, HasSubstr("answered 404"));
  EXPECT_THAT(said({"install", url + "#" + digest}), HasSubstr("zoo#1.0.0 is installed"));
}

TEST_F(PluginStore, TakesNoArchiveThatIsLargerThanAnyPlugin) {
  const support::ScriptedServer server(
      [](const support::ServerRequest&) -> boost::asio::awaitable<support::ServerAnswer> {
        co_return support::RawReply{"HTTP/1.1 200 OK\r\nContent-Length: 536870913\r\n\r\nbegin"};
      });
  const auto refused = ostler({"install", server.url() + "/zoo.tar.gz#" + std::string(64, '0')});
  EXPECT_NE(refused.code, 0);
  EXPECT_THAT(refused.err, HasSubstr("is larger than 512 MiB"));
}

TEST_F(PluginStore, TakesWhatItsPublisherHasSignedOnlyWhenToldSo) {
  write_keys(1);
  write_keys(2);
  EXPECT_THAT(ostler({"install", zoo_, "--key", directory_ / "public1"}).err,
              HasSubstr("zoo#1.0.0 is not signed; `ostler plugin sign` does that"));
  EXPECT_THAT(said({"sign", zoo_, "--key", directory_ / "key1"}),
              HasSubstr("zoo#1.0.0 is signed with ed25519:"));
  EXPECT_THAT(said({"verify", zoo_, "--key", directory_ / "public1"}), HasSubstr("has signed it"));
  EXPECT_THAT(ostler({"verify", zoo_, "--key", directory_ / "public2"}).err,
              HasSubstr("a key that is not trusted here"));
  const auto other = ostler({"install", archive(), "--key", directory_ / "public2"});
  EXPECT_NE(other.code, 0);
  EXPECT_FALSE(fs::exists(store_)) << "it was installed all the same";
  EXPECT_THAT(said({"install", archive(), "--key", directory_ / "public1"}),
              testing::AllOf(HasSubstr("is installed"), HasSubstr("\nsigned with ed25519:")));
  EXPECT_THAT(said({"verify", "zoo#1", "--key", directory_ / "public1"}), HasSubstr("signed it"));
  EXPECT_THAT(said({"show", "zoo#1"}), HasSubstr("signed with: ed25519:"));
}

TEST_F(PluginStore, HoldsWhatComesInAgainstThePolicyOfTheHost) {
  write_keys(1);
  const auto install = [this](const char* flag) {
    support::ProgramOptions options;
    options.environment = {{"OSTLER_PLUGIN_STORE", store_},
                           {"OSTLER_PLUGIN_REQUIRE_SIGNED", flag},
                           {"OSTLER_PLUGIN_PUBLISHER_KEYS", directory_ / "public1"}};
    return support::run_program({support::ostler_program(), "plugin", "install", zoo_}, options);
  };
  for (const char* flag : {"true", "1", "Yes", "on"}) {
    EXPECT_THAT(install(flag).err, HasSubstr("is not signed")) << flag;
  }
  EXPECT_THAT(install("ja").err,
              HasSubstr("OSTLER_PLUGIN_REQUIRE_SIGNED: \"ja\" is no true or false"));
  EXPECT_FALSE(fs::exists(store_)) << "it was installed all the same";
  said({"sign", zoo_, "--key", directory_ / "key1"});
  EXPECT_THAT(install("on").out, HasSubstr("is installed"));
}

TEST_F(PluginStore, SignsNothingThatIsNotWhole) {
  write_keys(1);
  std::ofstream(zoo_ / "zoo.so", std::ios::app) << "x";
  EXPECT_THAT(ostler({"sign", zoo_, "--key", directory_ / "key1"}).err,
              HasSubstr("not that of the manifest"));
  EXPECT_FALSE(fs::exists(zoo_ / "plugin.json.sig"));
  EXPECT_THAT(ostler({"sign", zoo_, "--key", zoo_ / "zoo.so"}).err, HasSubstr("has faults"));
}

TEST_F(PluginStore, RefusesASignatureOfAnotherManifestWithoutAKey) {
  write_keys(1);
  said({"sign", zoo_, "--key", directory_ / "key1"});
  EXPECT_EQ(ostler({"check", zoo_}).code, 0);
  std::ofstream(zoo_ / "plugin.json", std::ios::app) << "\n";
  for (const char* command : {"check", "install", "publish"}) {
    const auto refused = ostler({command, zoo_});
    EXPECT_NE(refused.code, 0) << command;
    EXPECT_THAT(refused.err, HasSubstr("plugin.json.sig is of another plugin.json")) << command;
  }
  EXPECT_FALSE(fs::exists(store_));
  std::ofstream(zoo_ / "plugin.json.sig") << "some text";
  EXPECT_THAT(ostler({"check", zoo_}).err, HasSubstr("plugin.json.sig cannot be read"));
  said({"sign", zoo_, "--key", directory_ / "key1"});
  EXPECT_EQ(ostler({"check", zoo_}).code, 0);
}

TEST_F(PluginStore, IsToldToEditors) {
  said({"install", zoo_});
  const auto schema = nlohmann::json::parse(said({"schema"}));
  const auto& definitions = schema.at("definitions");
  const auto& calls = definitions.at("plugin-calls").at("properties");
  for (const char* name :
       {"ostler://zoo", "ostler://zoo#1", "ostler://zoo#1.0", "ostler://zoo#1.0.0"}) {
    EXPECT_EQ(calls.at(name).at("$ref"), "#/definitions/zoo@1.0.0") << name;
  }
  EXPECT_TRUE(definitions.at("zoo@1.0.0").at("properties").contains("do"));
  const auto& step = definitions.at("step").at("anyOf").back().at("properties");
  for (const char* key : {"command", "plugins", "group", "steps", "wait", "trigger", "fields"}) {
    EXPECT_TRUE(step.contains(key)) << key;
  }
}

TEST_F(PluginStore, IsLockedForARepository) {
  EXPECT_THAT(ostler({"lock"}).err, HasSubstr("no plugin zoo in"));
  said({"install", zoo_});
  const std::string elsewhere = "zoo 1.0.0 linux-other-glibc sha256:" + std::string(64, 'a');
  std::ofstream(tree_ / "plugins.lock") << elsewhere << "\n";
  const std::string manifest = files::read_file(zoo_ / "plugin.json").value();
  EXPECT_THAT(said({"lock"}),
              HasSubstr("zoo#1 is zoo#1.0.0 sha256:" + crypto::sha256_hex(manifest)));
  const std::string lock = files::read_file(tree_ / "plugins.lock").value();
  EXPECT_THAT(lock, HasSubstr("zoo 1.0.0 linux-"));
  EXPECT_THAT(lock, HasSubstr(crypto::sha256_hex(manifest)));
  EXPECT_THAT(lock, HasSubstr(elsewhere));
}

TEST_F(PluginStore, IsLockedWithoutWhatNothingPinsAnyMore) {
  said({"install", zoo_});
  const auto entry = [](const char* plugin) {
    return plugin + (" linux-other-glibc sha256:" + std::string(64, 'a')) + "\n";
  };
  const auto begin = [&] {
    std::ofstream(tree_ / "plugins.lock")
        << entry("greet 1.0.0") << entry("zoo 0.9.0") << entry("zoo 1.0.0") << entry("zoo 1.1.0");
  };
  begin();
  const std::string told = said({"lock"});
  for (const char* gone : {"greet#1.0.0", "zoo#0.9.0", "zoo#1.1.0"}) {
    EXPECT_THAT(told,
                HasSubstr(gone + std::string(" for linux-other-glibc is no longer pinned\n")));
  }
  const auto others = [&] {
    const std::string text = files::read_file(tree_ / "plugins.lock").value();
    std::string found;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      if (line.find("linux-other") != line.npos) found += line + "\n";
    }
    return found;
  };
  EXPECT_EQ(others(), entry("zoo 1.0.0"));
  begin();
  said({"lock", "--plugin", "zoo#1"});
  EXPECT_EQ(others(), entry("greet 1.0.0") + entry("zoo 1.0.0")) << "no file was read";
}

TEST_F(PluginStore, IsLockedAloneWhenItAloneIsNamed) {
  said({"install", zoo_});
  const std::string platform = plugin_host::own_platform();
  const std::string greet = "greet 1.0.0 " + platform + " sha256:" + std::string(64, 'a');
  const std::string old = "zoo 0.9.0 " + platform + " sha256:" + std::string(64, 'b');
  std::ofstream(tree_ / "plugins.lock") << greet << "\n" << old << "\n";
  said({"lock", "--plugin", "zoo#1"});
  const std::string lock = files::read_file(tree_ / "plugins.lock").value();
  EXPECT_THAT(lock, HasSubstr(greet));
  EXPECT_THAT(lock, HasSubstr("zoo 1.0.0 "));
  EXPECT_THAT(lock, testing::Not(HasSubstr(old)));
  said({"lock"});
  EXPECT_THAT(files::read_file(tree_ / "plugins.lock").value(), testing::Not(HasSubstr("greet")))
      << "no file of the repository uses it";
}

TEST_F(PluginStore, IsLockedWithThoseOfAFileThatStandsBehindANamedOne) {
  said({"install", zoo_});
  const std::string told = said({"lock", "--plugin", "zoo#1.0.0", ".buildkite/pipeline.yml"});
  EXPECT_THAT(told, HasSubstr("zoo#1.0.0 is zoo#1.0.0 sha256:"));
  std::ofstream(tree_ / "plugins.lock") << "greet 1.0.0 " << plugin_host::own_platform()
                                        << " sha256:" << std::string(64, 'a') << "\n";
  said({"lock", "--plugin", "zoo", "--plugin", "zoo#1", ".buildkite/pipeline.yml"});
  EXPECT_THAT(files::read_file(tree_ / "plugins.lock").value(), testing::Not(HasSubstr("greet")))
      << "a file says what the repository uses";
}

}  // namespace
}  // namespace ostler
