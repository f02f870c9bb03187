// SPDX-License-Identifier: Apache-2.0
#include "uplink/gzip.hpp"

#include <libdeflate.h>

#include <memory>

#include "base/assert.hpp"

namespace ostler::uplink {
namespace {

struct FreeCompressor {
  void operator()(libdeflate_compressor* compressor) const {
    libdeflate_free_compressor(compressor);
  }
};

}  // namespace

std::string gzip(std::string_view bytes) {
  constexpr int kFastest = 1;
  thread_local const std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor(
      libdeflate_alloc_compressor(kFastest));
  OSTLER_ASSERT(compressor != nullptr);
  std::string packed(libdeflate_gzip_compress_bound(compressor.get(), bytes.size()), '\0');
  packed.resize(libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(),
                                         packed.data(), packed.size()));
  return packed;
}

}  // namespace ostler::uplink
