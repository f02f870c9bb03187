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
#include "support/scripted_server.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
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
  static std::string line(const std::string& version, const std::string& digest,
                          const std::string& platform = own()) {
    return "zoo " + version + " " + platform + " sha256:" + digest + "\n";
  }
  void lock(const std::string& lines) const { std::ofstream(home_ / "plugins.lock") << lines; }
  fs::path stored(const std::string& version) const {
    return home_ / "store/zoo" / version / "zoo.so";
  }
  support::ProgramResult install(const std::string& source) const {
    return friend_.shell("OSTLER_PLUGIN_STORE=$HOME/store ostler plugin install '" + source + "'");
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

TEST_F(PluginOfAnother, IsForTokensThatMayReadPlugins) {
  publish("1.0.0");
  const std::string token = friend_.said(
      {"token", "create", "--api", "few", "--scopes", "read_builds", "--data-path", hub_.data()});
  const auto refused = friend_.shell("export OSTLER_PLUGIN_STORE=$HOME/store OSTLER_API_TOKEN=" +
                                     token.substr(0, token.find('\n')) +
                                     "; ostler plugin list --hub || ostler plugin install zoo");
  EXPECT_NE(refused.code, 0);
  EXPECT_THAT(refused.err, HasSubstr("wants a token with the scope read_plugins"));
  EXPECT_THAT(refused.err,
              HasSubstr("the hub refuses: Forbidden: the token lacks the scope read_plugins"));
  EXPECT_FALSE(fs::exists(home_ / "store"));
}

TEST_F(PluginOfAnother, IsInstalledByItsName) {
  EXPECT_THAT(install("zoo#1").err, HasSubstr("the hub has no plugin zoo; `ostler plugin list"));
  publish("1.0.0");
  publish("1.2.0");
  publish("1.3.0-beta");
  publish("2.0.0");
  publish("1.9.0", "linux-other-glibc");
  const auto installed = install("zoo#1");
  EXPECT_EQ(installed.code, 0) << installed.err;
  EXPECT_THAT(installed.out, HasSubstr("fetched zoo#1.2.0 from " + hub_.url()));
  EXPECT_THAT(installed.out, HasSubstr("zoo#1.2.0 is installed in "));
  EXPECT_EQ(fs::status(stored("1.2.0")).permissions(), fs::perms(0444));
  EXPECT_THAT(install("zoo#1").out, HasSubstr("zoo#1.2.0 was installed in "));
  EXPECT_THAT(install("zoo@1.2").out, HasSubstr("zoo#1.2.0 was installed in "));
  EXPECT_THAT(install("zoo#1.0.0").out, HasSubstr("zoo#1.0.0 is installed in "));
  EXPECT_THAT(install("zoo").out, HasSubstr("zoo#2.0.0 is installed in "));
  const auto told = json::parse(
      friend_.said({"plugin", "install", "zoo#1", "--store", home_ / "fresh", "--json"}));
  EXPECT_EQ(told["version"], "1.2.0") << "nothing but JSON, although it came from the hub";
  EXPECT_THAT(install("zoo#1.9").err, HasSubstr("1.9.0 for linux-other-glibc"));
  EXPECT_THAT(install("zoo#1.9").err, HasSubstr("but none that zoo#1.9 means for " + own()));
  EXPECT_THAT(install("zou#1").err, HasSubstr("did you mean \"zoo\"?"));
  EXPECT_THAT(install("zoo-1.0.0.tar.gz").err, HasSubstr("no tar archive"));
}

TEST_F(PluginOfAnother, IsInstalledAsTheRepositoryPinsIt) {
  const std::string digest = publish("1.0.0");
  publish("1.2.0");
  lock(line("1.0.0", std::string(64, 'a')));
  const auto refused = install("zoo#1");
  EXPECT_NE(refused.code, 0);
  EXPECT_THAT(refused.err, HasSubstr("plugins.lock pins zoo#1.0.0 sha256:aaa"));
  EXPECT_THAT(refused.err, HasSubstr("but the hub has sha256:" + digest));
  EXPECT_FALSE(fs::exists(home_ / "store"));
  lock(line("1.0.0", digest));
  EXPECT_THAT(install("zoo#1").out, HasSubstr("zoo#1.0.0 is installed in "));
  EXPECT_THAT(install("zoo#1.2").out, HasSubstr("zoo#1.2.0 is installed in "))
      << "nothing pins that one";
  lock(line("1.1.0", digest));
  EXPECT_THAT(install("zoo#1").err, HasSubstr("plugins.lock pins zoo#1.1.0: the hub has zoo"));
}

TEST_F(PluginOfAnother, IsInstalledAsThePreReleaseThatIsPinnedAlone) {
  const std::string digest = publish("1.0.0-beta");
  publish("1.1.0");
  lock(line("1.0.0-beta", digest));
  EXPECT_THAT(install("zoo").out, HasSubstr("zoo#1.0.0-beta is installed in "));
  EXPECT_FALSE(fs::exists(stored("1.1.0")));
}

TEST_F(PluginOfAnother, IsNoFileOfThatNameWhereAVersionIsNamed) {
  publish("1.0.0");
  std::ofstream(home_ / "zoo#1") << "no archive";
  std::ofstream(home_ / "zoo") << "no archive";
  EXPECT_THAT(install("./zoo#1").err, HasSubstr("no tar archive"));
  EXPECT_THAT(install("zoo").err, HasSubstr("no tar archive"));
  EXPECT_THAT(install("zoo#1").out, HasSubstr("zoo#1.0.0 is installed in "));
}

TEST_F(PluginOfAnother, IsAskedOfTheHubThatOneIsLoggedInTo) {
  const auto unknown =
      friend_.shell("env -u OSTLER_URL -u OSTLER_API_TOKEN ostler plugin install zoo#1");
  EXPECT_NE(unknown.code, 0);
  EXPECT_THAT(unknown.err, HasSubstr("to have zoo#1 from a hub: no hub is"));
  EXPECT_THAT(friend_.shell("env -u OSTLER_URL -u OSTLER_API_TOKEN ostler plugin install zoo").err,
              HasSubstr("no file is zoo, and to have it from a hub: no hub is"));
}

TEST_F(PluginOfAnother, IsNothingElseThanTheHubSaid) {
  publish("1.0.0");
  json listed = json::parse(friend_.said({"plugin", "list", "--hub", "--json"}));
  const std::string archive =
      friend_
          .shell(
              "curl -fsS -H \"Authorization: Bearer $OSTLER_API_TOKEN\" "
              "$OSTLER_URL/v2/organizations/ostler/plugins/zoo/versions/1.0.0/archive?platform=" +
              own())
          .out;
  ASSERT_EQ(listed[0]["archive_sha256"], crypto::sha256_hex(archive));
  const support::ScriptedServer liar(
      [&](const support::ServerRequest& request) -> boost::asio::awaitable<support::ServerAnswer> {
        const bool is_list = request.target.find("/archive") == std::string::npos;
        co_return support::ServerReply{200, is_list ? listed.dump() : archive};
      });
  const auto from_liar = [&] {
    return friend_.shell("OSTLER_PLUGIN_STORE=$HOME/store ostler plugin install zoo --url " +
                         liar.url() + " --org ostler");
  };
  listed[0]["archive_sha256"] = std::string(64, 'b');
  EXPECT_THAT(from_liar().err, HasSubstr("not the archive that the hub announced"));
  listed[0]["archive_sha256"] = crypto::sha256_hex(archive);
  listed[0]["sha256"] = std::string(64, 'b');
  EXPECT_THAT(from_liar().err, HasSubstr("not sha256:bbb"));
  EXPECT_FALSE(fs::exists(home_ / "store"));
}

TEST_F(PluginOfAnother, IsFetchedByARunWhereALockPinsIt) {
  const std::string digest = publish("1.0.0");
  lock(line("1.0.0", digest));
  const std::string run = "OSTLER_PLUGIN_STORE=$HOME/store ostler run .buildkite/pipeline.yml";
  const auto forbidden = friend_.shell("OSTLER_NO_PLUGIN_FETCH=true " + run);
  EXPECT_NE(forbidden.code, 0) << forbidden.out;
  EXPECT_FALSE(fs::exists(stored("1.0.0")));
  const auto first = friend_.shell(run);
  EXPECT_EQ(first.code, 0) << first.out << first.err;
  EXPECT_THAT(first.out, HasSubstr("fetched zoo#1.0.0 from " + hub_.url()));
  EXPECT_TRUE(fs::exists(stored("1.0.0")));
  const auto second = friend_.shell(run);
  EXPECT_EQ(second.code, 0) << second.out << second.err;
  EXPECT_THAT(second.out, Not(HasSubstr("fetched")));
}

TEST_F(PluginOfAnother, IsHealedByARunOrSaidToBeDamaged) {
  const std::string digest = publish("1.0.0");
  lock(line("1.0.0", digest));
  const std::string run = "OSTLER_PLUGIN_STORE=$HOME/store ostler run .buildkite/pipeline.yml";
  const auto first = friend_.shell(run);
  ASSERT_EQ(first.code, 0) << first.out << first.err;
  const std::string file = stored("1.0.0");
  const auto damaged = friend_.shell("chmod u+w " + file + " && echo more >> " + file);
  ASSERT_EQ(damaged.code, 0) << damaged.err;
  const auto alone = friend_.shell("env -u OSTLER_URL -u OSTLER_API_TOKEN " + run);
  EXPECT_NE(alone.code, 0);
  EXPECT_THAT(alone.out, HasSubstr("zoo#1.0.0, which plugins.lock pins, is damaged here"));
  EXPECT_THAT(alone.out, HasSubstr("not that of the manifest\n"));
  EXPECT_THAT(alone.out, HasSubstr("`ostler plugin install zoo#1.0.0` has it from the hub"));
  const auto healed = friend_.shell(run);
  EXPECT_EQ(healed.code, 0) << healed.out << healed.err;
  EXPECT_THAT(healed.out, HasSubstr("fetched zoo#1.0.0 from " + hub_.url()));
}

TEST_F(PluginOfAnother, IsHealedByARunWhenItsManifestCannotBeRead) {
  lock(line("1.0.0", publish("1.0.0")));
  const std::string run = "OSTLER_PLUGIN_STORE=$HOME/store ostler run .buildkite/pipeline.yml";
  const auto first = friend_.shell(run);
  ASSERT_EQ(first.code, 0) << first.out << first.err;
  const fs::path manifest = stored("1.0.0").replace_filename("plugin.json");
  const auto damaged =
      friend_.shell("chmod u+w " + manifest.string() + " && : > " + manifest.string());
  ASSERT_EQ(damaged.code, 0) << damaged.err;
  const auto healed = friend_.shell(run);
  EXPECT_EQ(healed.code, 0) << healed.out << healed.err;
  EXPECT_THAT(healed.out, HasSubstr("fetched zoo#1.0.0 from " + hub_.url()));
}

TEST_F(PluginOfAnother, IsSaidToBeMissingInARunThatCannotHaveIt) {
  const std::string digest = publish("1.0.0");
  lock(line("1.0.0", std::string(64, 'a')));
  const std::string run = "OSTLER_PLUGIN_STORE=$HOME/store ostler run .buildkite/pipeline.yml";
  const auto other = friend_.shell(run);
  EXPECT_NE(other.code, 0);
  EXPECT_THAT(other.out, HasSubstr("zoo#1.0.0, which plugins.lock pins, is not installed here"));
  EXPECT_THAT(other.out, HasSubstr("but the hub has sha256:" + digest));
  const auto unknown = friend_.shell("env -u OSTLER_URL -u OSTLER_API_TOKEN " + run);
  EXPECT_NE(unknown.code, 0);
  EXPECT_THAT(unknown.out, HasSubstr("no hub is known here"));
  EXPECT_THAT(unknown.out, HasSubstr("`ostler plugin install zoo#1.0.0` has it from the hub"));
  EXPECT_THAT(unknown.out, HasSubstr("`ostler login URL`"));
  EXPECT_THAT(unknown.out, Not(HasSubstr("plugin publish")));
}

TEST_F(PluginOfAnother, IsLockedAsTheHubHasIt) {
  const std::string command = "OSTLER_PLUGIN_STORE=$HOME/store ostler plugin lock";
  EXPECT_THAT(friend_.shell(command).err,
              AllOf(HasSubstr("no plugin zoo in "), HasSubstr("or its id where the hub has it"),
                    HasSubstr("the hub has no plugin zoo")));
  EXPECT_FALSE(fs::exists(home_ / "plugins.lock"));
  publish("1.0.0");
  const std::string own_digest = publish("1.2.0");
  const std::string other_digest = publish("1.2.0", "linux-other-glibc");
  publish("1.3.0", "linux-other-glibc");
  publish("2.0.0");
  const auto locked = friend_.shell(command);
  EXPECT_EQ(locked.code, 0) << locked.err;
  EXPECT_THAT(locked.out, HasSubstr("zoo#1 is zoo#1.2.0 sha256:" + own_digest + " as " +
                                    hub_.url() + " has it\n"));
  EXPECT_THAT(files::read_file(home_ / "plugins.lock").value(),
              HasSubstr("\n" + line("1.2.0", other_digest, "linux-other-glibc") +
                        line("1.2.0", own_digest)));
  EXPECT_FALSE(fs::exists(home_ / "store"));
  const auto unknown = friend_.shell("env -u OSTLER_URL -u OSTLER_API_TOKEN " + command);
  EXPECT_NE(unknown.code, 0);
  EXPECT_THAT(unknown.err, HasSubstr("nor does a hub give it: no hub is known here"));
}

TEST_F(PluginOfAnother, IsLockedAgainWithoutWhatWasTakenOff) {
  const std::string other = "linux-other-glibc";
  const std::string gone = "linux-gone-glibc";
  const std::string digest = publish("1.0.0");
  publish("1.0.0", other);
  publish("1.1.0");
  publish("1.1.0", other);
  publish("1.1.0", gone);
  const auto locked = [&] {
    const auto done = friend_.shell("OSTLER_PLUGIN_STORE=$HOME/store ostler plugin lock");
    EXPECT_EQ(done.code, 0) << done.err;
    return files::read_file(home_ / "plugins.lock").value();
  };
  EXPECT_THAT(locked(), Not(HasSubstr("1.0.0")));
  author_.said({"plugin", "unpublish", "zoo#1.1.0", "--platform", own()});
  author_.said({"plugin", "unpublish", "zoo#1.1.0", "--platform", other});
  author_.said({"plugin", "publish", zoo_, "--platform", gone});
  const std::string again = locked();
  EXPECT_THAT(again, HasSubstr(line("1.0.0", digest, other) + line("1.0.0", digest)));
  EXPECT_THAT(again, Not(HasSubstr("1.1.0")));
  std::ofstream(home_ / "plugins.lock")
      << line("1.0.0", std::string(64, 'b'), other) << line("1.0.0", digest, "linux-kept-glibc");
  const std::string mended = locked();
  EXPECT_THAT(mended, HasSubstr(line("1.0.0", digest, other)));
  EXPECT_THAT(mended, HasSubstr(line("1.0.0", digest, "linux-kept-glibc"))) << "no hub has it";
  EXPECT_THAT(mended, Not(HasSubstr("bbb")));
}

TEST_F(PluginOfAnother, IsLockedAsItIsInstalledWhereItIs) {
  const std::string digest = publish("1.0.0");
  EXPECT_EQ(install("zoo#1").code, 0);
  publish("1.2.0");
  const auto locked = friend_.shell("OSTLER_PLUGIN_STORE=$HOME/store ostler plugin lock");
  EXPECT_THAT(locked.out, HasSubstr("zoo#1 is zoo#1.0.0 sha256:" + digest + "\n"));
  EXPECT_THAT(files::read_file(home_ / "plugins.lock").value(), Not(HasSubstr("1.2.0")));
}

TEST_F(PluginOfAnother, IsNotLockedAsNoLockCanHoldIt) {
  publish("1.0.0");
  json listed = json::parse(friend_.said({"plugin", "list", "--hub", "--json"}));
  listed[0]["sha256"] = std::string(64, 'a') + "\nother 1.0.0 any sha256:" + std::string(64, 'b');
  const support::ScriptedServer liar(
      [&](const support::ServerRequest&) -> boost::asio::awaitable<support::ServerAnswer> {
        co_return support::ServerReply{200, listed.dump()};
      });
  const auto refused = friend_.shell("OSTLER_PLUGIN_STORE=$HOME/store ostler plugin lock --url " +
                                     liar.url() + " --org ostler");
  EXPECT_NE(refused.code, 0);
  EXPECT_THAT(refused.err, HasSubstr("what plugins.lock cannot hold"));
  EXPECT_FALSE(fs::exists(home_ / "plugins.lock"));
}

}  // namespace
}  // namespace ostler
