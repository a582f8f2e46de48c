# References for scale scores with blanks: psych::scoreVeryFast and psych::scoreItems (impute = "none"), psych::bfi with holes.
# Refresh: Rscript scoring.R
suppressPackageStartupMessages(library(psych))
file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))
setwd(dirname(normalizePath(file)))
data(bfi, package = if (requireNamespace("psychTools", quietly = TRUE)) "psychTools" else "psych")
set.seed(20240616)
d <- as.matrix(bfi[sample(nrow(bfi), 120), c(paste0("A", 1:5), paste0("C", 1:5))])
d[sample(length(d), 300)] <- NA
d[1, ] <- NA; d[2, 1:5] <- NA; d[3, 1:4] <- NA
write.csv(d, "scoring-bfi.csv", row.names = FALSE, na = "")
keys <- list(A = c("-A1", "A2", "A3", "A4", "A5"), C = c("C1", "C2", "C3", "-C4", "-C5"))
fast <- scoreVeryFast(keys, d, totals = FALSE, min = 1, max = 6)
slow <- suppressWarnings(scoreItems(keys, d, totals = FALSE, impute = "none", min = 1, max = 6)$scores)
stopifnot(max(abs(fast - slow), na.rm = TRUE) < 1e-12)
valid <- sapply(keys, function(k) rowSums(!is.na(d[, sub("-", "", k)])))
out <- data.frame(row = seq_len(nrow(d)))
for (scale in names(keys)) {
  out[[paste0(scale, "_valid")]] <- valid[, scale]
  # scoreVeryFast gives NaN where nothing is valid
  out[[paste0(scale, "_mean")]] <- ifelse(valid[, scale] == 0, NA, fast[, scale])
}
out[-1] <- lapply(out[-1], function(x) ifelse(is.na(x), "", sprintf("%.17g", x)))
write.csv(out, "scoring.csv", row.names = FALSE, quote = FALSE)
