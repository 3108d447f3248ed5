import Languages
import Quantities

/// Every file is there, but those in /missing and the folder /etc.
let playedFiles = ConfigurationFiles { path in
  path.hasPrefix("/missing/") ? "does not exist" : path == "/etc" ? "is not a regular file" : nil
}

func readService(_ text: String) throws(Problem) -> ServiceConfiguration {
  try ServiceConfigurationReader.read(
    text: Array(text.utf8), file: "service.yaml", environment: [:], files: playedFiles)
}

func readAgent(_ text: String) throws(Problem) -> AgentConfiguration {
  try AgentConfigurationReader.read(text: Array(text.utf8), file: "agent.yaml", environment: [:], files: playedFiles)
}
