#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace avisloop {

/// A new empty folder that goes away, with all in it, at the end of the test.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

  /// The path of `name` inside the folder.
  std::string file(std::string_view name) const { return (path_ / name).string(); }

  /// Writes `content` into the file `name` and answers its path.
  std::string write(std::string_view name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

/// The whole content of a file; fails the test when it cannot be read.
std::string read_file(const std::filesystem::path& path);

}  // namespace avisloop
