// SPDX-License-Identifier: Apache-2.0
#include "cache/cache.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/unique_fd.hpp"
#include "support/temp_directory.hpp"

namespace ostler::cache {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

/// A server with room for one entry.
class OneEntry final : public agent_client::Transport {
 public:
  Result<agent_client::ApiAnswer> call(const agent_client::ApiCall& call) override {
    asked.push_back(call.path.substr(call.path.rfind('/') + 1));
    const json body = json::parse(call.body);
    if (asked.back() == "store") entry = body;
    if (asked.back() == "store") return agent_client::ApiAnswer{200, R"({"upload_id": "1"})"};
    if (asked.back() == "expire") entry = nullptr;
    const bool is_found = asked.back() != "peek" && !entry.is_null();
    if (asked.back() == "retrieve" && is_found) return agent_client::ApiAnswer{200, entry.dump()};
    return agent_client::ApiAnswer{is_found || asked.back() == "expire" ? 200 : 404, "{}"};
  }

  json entry;
  std::vector<std::string> asked;
};

class Cache : public testing::Test {
 protected:
  Cache() {
    fs::create_directories(place_ / "work/deps");
    fs::create_directory(place_ / "kept");
    std::ofstream(place_ / "work/deps/a") << "text";
    options_.place = "file://" + (place_ / "kept").string();
    options_.temporary = place_.path();
    directory_.reset(::open((place_ / "work").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  }
  ~Cache() override { EXPECT_EQ(::chdir("/"), 0); }  // packing stands in the directory

  static wire::CacheAddress address(const std::string& path) {
    return {.target_paths = {path}, .key = {model::CacheKeyPart{"v1"}}};
  }

  support::TempDirectory place_;
  CacheOptions options_;
  UniqueFd directory_;
  OneEntry server_;
};

TEST_F(Cache, ComesBack) {
  const auto saved = save(address("deps"), directory_.get(), options_, server_);
  ASSERT_TRUE(saved) << saved.error().message();
  fs::remove_all(place_ / "work/deps");
  const auto restored = restore(address("deps"), directory_.get(), options_, server_);
  ASSERT_TRUE(restored) << restored.error().message();
  EXPECT_TRUE(restored.value().is_hit);
  EXPECT_TRUE(fs::exists(place_ / "work/deps/a"));
  EXPECT_THAT(server_.asked, Not(Contains("expire")));
}

TEST_F(Cache, ThatCannotBeUnpackedFailsOnce) {
  ASSERT_TRUE(save(address("deps"), directory_.get(), options_, server_));
  const auto refused = restore(address("more"), directory_.get(), options_, server_);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), HasSubstr("not asked for: deps"));
  EXPECT_THAT(server_.asked, Contains("expire"));
  const auto missed = restore(address("more"), directory_.get(), options_, server_);
  ASSERT_TRUE(missed) << missed.error().message();
  EXPECT_FALSE(missed.value().is_hit);
}

}  // namespace
}  // namespace ostler::cache
