// SPDX-License-Identifier: Apache-2.0
#include "config/unsupported_settings.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace ostler::config {
namespace {

const UnsupportedSetting& setting(std::string_view name) {
  const auto all = unsupported_settings();
  return *std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
}

TEST(UnsupportedSettings, PassWithValuesThatChangeNothing) {
  struct Case {
    std::string_view name;
    std::string_view value;
  };
  for (const Case& one :
       std::initializer_list<Case>{{"experiment", ""},
                                   {"experiment", "ansi-timestamps, use-zzglob"},
                                   {"job-logs-otlp", "false"},
                                   {"job-logs-otlp", "0"},
                                   {"git-fetch-flags", "-v --prune"},
                                   {"checkout-override-mode", "from-job"},
                                   {"no-plugin-validation", "true"},
                                   {"no-automatic-ssh-fingerprint-verification", "false"},
                                   {"experiment", "agent-api,ansi-timestamps"},
                                   {"plugins-path", "/etc/buildkite-agent/plugins"},
                                   {"wait-for-ec2-tags-timeout", "10s"},
                                   {"signal-grace-period-seconds", "-1"}}) {
    const auto checked = check_without_effect(setting(one.name), one.value);
    EXPECT_TRUE(checked) << one.name << "=" << one.value << ": " << checked.error().message();
  }
}

TEST(UnsupportedSettings, AreRefusedWhenTheAgentWouldHaveToObey) {
  struct Case {
    std::string_view name;
    std::string_view value;
    std::string_view answer;
  };
  for (const Case& one : std::initializer_list<Case>{
           {"experiment", "nested-jobs", "not supported yet"},
           {"experiment", "ansi-timestamps,nested-jobs", "not supported yet"},
           {"job-logs-otlp", "true", "not supported yet"},
           {"job-logs-otlp", "maybe", "true or false"},
           {"allowed-repositories", "^https://", "not supported yet"},
           {"checkout-override-mode", "none", "not supported yet"},
           {"verification-jwks-file", "/keys", "not supported yet"},
           {"cancel-grace-period", "20", "cancel-signal-timeout"},
           {"disconnect-after-job-timeout", "60", "disconnect-after-idle-timeout"},
           {"meta-data", "queue=fast", "tags"}}) {
    const auto checked = check_without_effect(setting(one.name), one.value);
    ASSERT_FALSE(checked) << one.name << "=" << one.value;
    EXPECT_EQ(checked.error().code(), Errc::UserFault);
    EXPECT_NE(checked.error().message().find(one.answer), std::string::npos)
        << checked.error().message();
  }
}

TEST(UnsupportedSettings, ShareNoNameWithThoseThatAre) {
  std::set<std::string_view> names;
  for (const auto& one : agent_settings()) EXPECT_TRUE(names.insert(one.name).second) << one.name;
  for (const auto& one : unsupported_settings()) {
    EXPECT_TRUE(names.insert(one.name).second) << one.name;
  }
}

}  // namespace
}  // namespace ostler::config
