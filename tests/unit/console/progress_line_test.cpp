// SPDX-License-Identifier: Apache-2.0
#include "console/progress_line.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "base/unique_fd.hpp"
#include "files/file.hpp"
#include "support/temp_directory.hpp"

namespace ostler::console {
namespace {

class StandingClock final : public Clock {
 public:
  Timestamp now() const override { return {}; }
  std::chrono::nanoseconds since_boot() const override { return time; }
  std::chrono::nanoseconds time{0};
};

class ProgressLines : public testing::Test {
 protected:
  std::string written() const { return files::read_file(file_).value(); }

  support::TempDirectory directory_;
  std::filesystem::path file_ = directory_ / "terminal";
  UniqueFd fd_{::open(file_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)};
  StandingClock clock_;
};

TEST_F(ProgressLines, AreShownAfterASecondAndGoneAtTheEnd) {
  {
    ProgressLine line(fd_.get(), true, clock_);
    clock_.time = std::chrono::milliseconds(999);
    line.show("copying", 1, 2);
    EXPECT_EQ(written(), "");
    clock_.time = std::chrono::milliseconds(1000);
    line.show("copying", 1024, 4096);
    line.show("copying", 1025, 4096);
    EXPECT_EQ(written(), "\r\x1b[Kcopying: 1.0 KiB of 4.0 KiB (25%)");
  }
  EXPECT_TRUE(written().ends_with("\r\x1b[K"));
}

TEST_F(ProgressLines, AreNotShownWithoutATerminal) {
  {
    ProgressLine line(fd_.get(), false, clock_);
    clock_.time = std::chrono::seconds(5);
    line.show("copying", 1, 2);
  }
  EXPECT_EQ(written(), "");
}

}  // namespace
}  // namespace ostler::console
