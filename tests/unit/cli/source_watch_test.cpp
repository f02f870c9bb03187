// SPDX-License-Identifier: Apache-2.0
// Real directories and the kernel's own notes of them.
#include "cli/source_watch.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "files/file.hpp"
#include "support/temp_directory.hpp"

namespace ostler::cli {
namespace {

namespace fs = std::filesystem;

class SourceWatches : public testing::Test {
 protected:
  void write(const fs::path& path) { std::ofstream(directory_ / path) << "text"; }

  support::TempDirectory directory_;
  SourceWatch watch_ = SourceWatch::begin(directory_.path(), directory_ / "build").value();
};

TEST_F(SourceWatches, TellOfSourcesAlsoInNewDirectories) {
  EXPECT_FALSE(watch_.take().value());
  fs::create_directory(directory_ / "src");
  EXPECT_TRUE(watch_.take().value());
  write("src/a.cpp");
  EXPECT_TRUE(watch_.take().value());
  EXPECT_FALSE(watch_.take().value());
}

TEST_F(SourceWatches, AreSilentAboutBuildsAndWhatEditorsLeave) {
  fs::create_directory(directory_ / "build");
  write("build/a.o");
  write(".a.swp");
  write("a~");
  EXPECT_FALSE(watch_.take().value());
}

TEST_F(SourceWatches, LoseNoDirectoryWhenTooMuchHappens) {
  const int most = std::stoi(files::read_file("/proc/sys/fs/inotify/max_queued_events").value());
  if (most > 100'000) GTEST_SKIP() << "this kernel queues " << most << " events";
  write(".odd");
  for (int i = 0; i <= most / 4; ++i) {  // two events each
    fs::rename(directory_ / ".odd", directory_ / ".even");
    fs::rename(directory_ / ".even", directory_ / ".odd");
  }
  fs::create_directory(directory_ / "late");
  EXPECT_TRUE(watch_.take().value());
  write("late/a.cpp");
  EXPECT_TRUE(watch_.take().value()) << "nobody watches the directory that came last";
}

}  // namespace
}  // namespace ostler::cli
