// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "config/agent_config.hpp"
#include "config/setting.hpp"
#include "config/unsupported_settings.hpp"
#include "files/file.hpp"
#include "support/signing_key.hpp"
#include "support/temp_directory.hpp"

namespace ostler::config {
namespace {

using namespace std::chrono_literals;

/// An environment without settings, and a home that is empty.
class ReadAgentConfig : public testing::Test {
 protected:
  ReadAgentConfig() {
    for (const auto& name : agent_setting_variables()) ::unsetenv(name.c_str());
    ::unsetenv("XDG_STATE_HOME");
    ::setenv("HOME", directory_.path().c_str(), 1);
  }

  Result<std::variant<AgentConfig, HelpText>> read(std::vector<std::string> arguments) {
    return read_agent_config(arguments, directory_ / "bin");
  }

  AgentConfig config(std::vector<std::string> more) {
    std::vector<std::string> arguments = {"--token", "t", "--build-path", "/builds"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    auto config = read(arguments);
    EXPECT_TRUE(config) << config.error().message();
    return config ? std::get<AgentConfig>(std::move(config).value()) : AgentConfig();
  }

  std::string error(std::vector<std::string> arguments) {
    auto config = read(std::move(arguments));
    return config ? "no error" : config.error().message();
  }

  void write_file(const std::string& name, std::string_view text) {
    std::filesystem::create_directories((directory_ / name).parent_path());
    ASSERT_TRUE(files::write_file_atomically(directory_ / name, text));
  }

  const support::TempDirectory directory_;
};

TEST_F(ReadAgentConfig, HasTheDefaultsOfTheReference) {
  const AgentConfig found = config({});
  EXPECT_EQ(found.endpoint, "https://agent-edge.buildkite.com/v3");
  EXPECT_EQ(found.spawn, 1);
  EXPECT_EQ(found.cancel_signal, "SIGTERM");
  EXPECT_EQ(found.cancel_signal_timeout, 10s);
  EXPECT_EQ(found.cancel_cleanup_timeout, 5s);
  EXPECT_EQ(found.log_level, "notice");
  EXPECT_EQ(found.max_undelivered, 4);
  EXPECT_EQ(found.on_lease_lost, OnLeaseLost::Finish);
  EXPECT_EQ(found.state_path, directory_ / ".local/state/ostler/agent");
}

TEST_F(ReadAgentConfig, FlagBeatsVariableBeatsFileBeatsDefault) {
  write_file(".buildkite-agent/buildkite-agent.cfg", "name=file\npriority=1\nspawn=2\n");
  ::setenv("BUILDKITE_AGENT_NAME", "variable", 1);
  ::setenv("BUILDKITE_AGENT_PRIORITY", "5", 1);
  const AgentConfig found = config({"--name", "flag"});
  EXPECT_EQ(found.name, "flag");
  EXPECT_EQ(found.priority, "5");
  EXPECT_EQ(found.spawn, 2);
  EXPECT_EQ(found.config, directory_ / ".buildkite-agent/buildkite-agent.cfg");
}

TEST_F(ReadAgentConfig, ReadsTheNamedFileAndSaysWhatItDoesNotKnow) {
  write_file("my.cfg", "queue=fast\nspwan=2\nsomething-else-entirely=1\n");
  const AgentConfig found =
      config({"--config", (directory_ / "my.cfg").string(), "--tags", "a,b=c"});
  EXPECT_EQ(found.tags, (std::vector<std::string>{"a", "b=c", "queue=fast"}));
  ASSERT_EQ(found.unknown_settings.size(), 2u);
  EXPECT_TRUE(found.unknown_settings[0].ends_with("my.cfg:2: spwan, did you mean spawn?"))
      << found.unknown_settings[0];
  EXPECT_TRUE(found.unknown_settings[1].ends_with("my.cfg:3: something-else-entirely"));
}

TEST_F(ReadAgentConfig, JoinsListsAndTakesTheLastOfOtherFlags) {
  const AgentConfig found =
      config({"--tags", "a=1", "--tags", "b=2,c=3", "--spawn=2", "--spawn=3"});
  EXPECT_EQ(found.tags, (std::vector<std::string>{"a=1", "b=2", "c=3"}));
  EXPECT_EQ(found.spawn, 3);
}

TEST_F(ReadAgentConfig, SaysWhatIsMissing) {
  EXPECT_NE(error({"--build-path", "/b"}).find("--token"), std::string::npos);
  EXPECT_NE(error({"--token", "t"}).find("--build-path"), std::string::npos);
}

TEST_F(ReadAgentConfig, NamesTheFlagAndWhatIsExpected) {
  EXPECT_NE(error({"--spawn", "many"}).find("--spawn"), std::string::npos);
  EXPECT_NE(error({"--spawn", "0"}).find("from 1 to 1000"), std::string::npos);
  EXPECT_NE(error({"--endpoint", "localhost"}).find("http://"), std::string::npos);
  EXPECT_NE(error({"--cancel-signal", "SIGFOO"}).find("SIGTERM"), std::string::npos);
  EXPECT_NE(error({"--log-format", "xml"}).find("text, json"), std::string::npos);
  EXPECT_NE(error({"--on-lease-lost", "panic"}).find("finish, stop"), std::string::npos);
  EXPECT_NE(error({"--spawn-per-cpu", "-1"}).find("--spawn-per-cpu"), std::string::npos);
  EXPECT_NE(error({"--spawn-with-priority", "up"}).find("ascending"), std::string::npos);
  EXPECT_NE(error({"--ping-mode", "never"}).find("auto, poll-only, stream-only"),
            std::string::npos);
  EXPECT_NE(error({"--git-commit-verification", "warn"}).find("strict, off"), std::string::npos);
  EXPECT_NE(error({"--git-commit-verification", ""}).find("strict, off"), std::string::npos);
  for (const char* wrong : {"a,ostler://deploy", "deploy#1#2", "#1", "deploy@"}) {
    EXPECT_NE(error({"--plugin-allow", wrong}).find("ID@VERSION"), std::string::npos) << wrong;
  }
  EXPECT_NE(error({"--plugin-allow", " ,"}).find("names no plugin"), std::string::npos);
  EXPECT_NE(error({"--plugin-allow", ""}).find("names no plugin"), std::string::npos);
  EXPECT_NE(error({"--plugin-system-paths", "/opt/a,tools"}).find("\"tools\" is none"),
            std::string::npos);
}

TEST_F(ReadAgentConfig, TakesKeysOfPublishersFromFilesAndAsText) {
  const std::string text = "ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=";
  const std::string file = directory_ / "publisher.pem";
  std::ofstream(file) << support::SigningKey(1).public_pem();
  const AgentConfig found =
      config({"--plugin-require-signed", "--plugin-publisher-keys", text + "," + file});
  ASSERT_EQ(found.plugin_publisher_keys.size(), 2u);
  EXPECT_EQ(found.plugin_publisher_keys.front(), text);
  EXPECT_TRUE(found.plugin_publisher_keys.back().starts_with("ed25519:"));
  const auto refused = [this](const std::string& keys) {
    return error({"--plugin-require-signed", "--plugin-publisher-keys", keys});
  };
  EXPECT_NE(refused("ed25519:AAAA").find("base64 of 32 bytes"), std::string::npos);
  EXPECT_NE(refused(directory_ / "none.pem").find("none.pem"), std::string::npos);
  std::ofstream(file) << support::SigningKey(1).pem();
  EXPECT_NE(refused(file).find("publisher.pem: not a public key"), std::string::npos);
}

TEST_F(ReadAgentConfig, TakesSignaturesAndKeysTogetherOnly) {
  const std::string text = "ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=";
  const auto refused = [this](std::vector<std::string> words) {
    words.insert(words.end(), {"--token", "t", "--build-path", "/builds"});
    return error(std::move(words));
  };
  EXPECT_NE(refused({"--plugin-require-signed"}).find("needs plugin-publisher-keys"),
            std::string::npos);
  EXPECT_NE(refused({"--plugin-publisher-keys", text}).find("set that too"), std::string::npos);
}

TEST_F(ReadAgentConfig, NamesTheFlagThatWasProbablyMeant) {
  EXPECT_NE(error({"--no-such-flag"}).find("unknown flag --no-such-flag;"), std::string::npos);
  const auto text = error({"--tokn=x"});
  EXPECT_NE(text.find("unknown flag --tokn=x, did you mean --token?"), std::string::npos) << text;
  EXPECT_NE(error({"start"}).find("unexpected word \"start\""), std::string::npos);
}

TEST_F(ReadAgentConfig, MultipliesSlotsByProcessors) {
  const AgentConfig found = config({"--spawn-per-cpu", "2"});
  EXPECT_EQ(found.spawn % 2, 0);
  EXPECT_GE(found.spawn, 2);
  EXPECT_NE(error({"--token", "t", "--build-path", "/b", "--spawn", "2", "--spawn-per-cpu", "1"})
                .find("exclude each other"),
            std::string::npos);
}

TEST_F(ReadAgentConfig, RunsOneAcquiredJobInOneSlot) {
  EXPECT_EQ(config({"--acquire-job", "j"}).acquire_job, "j");
  EXPECT_NE(error({"--token", "t", "--build-path", "/b", "--acquire-job", "j", "--spawn", "2"})
                .find("acquire-job"),
            std::string::npos);
}

TEST_F(ReadAgentConfig, TakesEveryWayToAskForJobs) {
  EXPECT_EQ(config({"--ping-mode", "stream-only"}).ping_mode, PingMode::StreamOnly);
}

TEST_F(ReadAgentConfig, TakesBothSpellingsOfAPollingAgent) {
  EXPECT_EQ(config({}).ping_mode, PingMode::Auto);
  EXPECT_EQ(config({"--ping-mode", "poll-only"}).ping_mode, PingMode::PollOnly);
  EXPECT_EQ(config({"--ping-mode", "ping-only"}).ping_mode, PingMode::PollOnly);
}

TEST_F(ReadAgentConfig, TakesAUnixSocketAsEndpoint) {
  EXPECT_EQ(config({"--endpoint", "unix:/run/hub.sock"}).endpoint, "unix:/run/hub.sock");
  EXPECT_NE(error({"--endpoint", "unix:relative"}).find("unix:/PATH"), std::string::npos);
}

TEST_F(ReadAgentConfig, TakesTheSecondVariableOfASetting) {
  ::setenv("BUILDKITE_DISABLE_GIT_SUBMODULES", "true", 1);
  EXPECT_TRUE(config({}).no_git_submodules);
  ::setenv("BUILDKITE_NO_GIT_SUBMODULES", "false", 1);
  EXPECT_FALSE(config({}).no_git_submodules);
}

TEST_F(ReadAgentConfig, TakesAFlagsValueThatBeginsWithADash) {
  EXPECT_EQ(config({"--git-clean-flags", "-fdq"}).git_clean_flags, "-fdq");
}

TEST_F(ReadAgentConfig, RefusesAHooksPathWithHooksOnly) {
  write_file("hooks/environment.sample", "");
  const std::string hooks = (directory_ / "hooks").string();
  EXPECT_EQ(config({"--hooks-path", hooks}).hooks_path, hooks);
  write_file("hooks/environment", "");
  const std::vector<std::string> needed = {"--token", "t", "--build-path", "/b"};
  for (const auto* flag : {"--hooks-path", "--additional-hooks-paths"}) {
    auto arguments = needed;
    arguments.insert(arguments.end(), {flag, hooks});
    EXPECT_NE(error(arguments).find(hooks + "/environment"), std::string::npos) << flag;
  }
}

TEST_F(ReadAgentConfig, NamesFileAndLineOfABadSetting) {
  write_file("my.cfg", "\nspawn=many\n");
  const auto path = (directory_ / "my.cfg").string();
  EXPECT_NE(error({"--config", path}).find(path + ":2"), std::string::npos);
  EXPECT_NE(error({"--config", "/nonexistent.cfg"}).find("/nonexistent.cfg"), std::string::npos);
}

TEST_F(ReadAgentConfig, RefusesTwoQueues) {
  EXPECT_NE(error({"--token", "t", "--build-path", "/b", "--queue", "a", "--tags", "queue=b"})
                .find("queue"),
            std::string::npos);
}

TEST_F(ReadAgentConfig, AcceptsASignalInAnyLetterCase) {
  EXPECT_EQ(config({"--cancel-signal", "sigint"}).cancel_signal, "SIGINT");
}

TEST_F(ReadAgentConfig, PrintsEverySettingInItsHelp) {
  auto help = read({"--help"});
  ASSERT_TRUE(help);
  const auto& text = std::get<HelpText>(help.value()).text;
  for (const auto& setting : agent_settings()) {
    EXPECT_NE(text.find(setting.variable), std::string::npos) << setting.variable;
  }
  for (const auto& setting : unsupported_settings()) {
    EXPECT_NE(text.find(setting.name), std::string::npos) << setting.name;
  }
}

}  // namespace
}  // namespace ostler::config
