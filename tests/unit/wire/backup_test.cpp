// SPDX-License-Identifier: Apache-2.0
#include "wire/backup.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ostler::wire {
namespace {

TEST(BackupManifest, IsReadAsItWasWritten) {
  BackupManifest manifest;
  manifest.created_at = {1'800'000'000'123'000};
  manifest.database_version = 6;
  manifest.logs = 1;
  manifest.artifacts = 2;
  manifest.bytes = 3;
  manifest.files = {"api-token"};
  manifest.left_out = {"secrets-key"};
  manifest.faults = {"artifact x is missing"};
  const auto read = decode_backup_manifest(encode(manifest));
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(encode(read.value()), encode(manifest));
  EXPECT_EQ(read.value().created_at, manifest.created_at);
  EXPECT_EQ(read.value().left_out, manifest.left_out);
}

TEST(BackupManifest, OfANewerFormatIsRefused) {
  const auto refused =
      decode_backup_manifest(R"({"format": 2, "created_at": "2026-01-02T03:04:05Z"})");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::UserFault);
}

TEST(BackupManifest, WithWrongFieldsIsRefused) {
  for (const char* text :
       {"", "[]", "{}", R"({"format": "1", "created_at": "2026-01-02T03:04:05Z"})",
        R"({"format": 1})", R"({"format": 1, "created_at": "yesterday"})"}) {
    EXPECT_FALSE(decode_backup_manifest(text)) << text;
  }
}

TEST(HubCheck, IsFineWithoutFaults) {
  HubCheck check{.directory = "/data"};
  EXPECT_EQ(nlohmann::json::parse(encode(check))["ok"], true);
  check.fault_count = 1;
  check.faults = {"log of job x is missing"};
  const auto json = nlohmann::json::parse(encode(check));
  EXPECT_EQ(json["ok"], false);
  EXPECT_EQ(json["faults"][0], "log of job x is missing");
}

}  // namespace
}  // namespace ostler::wire
