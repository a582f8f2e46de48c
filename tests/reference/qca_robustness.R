# References for the robustness of a QCA: SetMethods (Oana, Medzihorsky, Quaranta & Schneider, GPL-2) and QCA (Dusa), on data
# that SetMethods ships. Writes qca_robustness-*.csv (data) and qca_robustness.csv. Refresh: Rscript qca_robustness.R
# SETMETHODS may name a source folder of the package where its figure packages cannot be installed.
suppressPackageStartupMessages(library(QCA))
file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))
setwd(dirname(normalizePath(file)))
source_folder <- Sys.getenv("SETMETHODS")
if (nzchar(source_folder)) {
  for (f in c("pimdata", "QCAfit", "helper_rob", "helper_case_smmr", "rob.fit", "rob.corefit", "rob.cases", "rob.inclrange", "rob.ncutrange", "rob.calibrange"))
    source(file.path(source_folder, "R", paste0(f, ".R")))
  get_data <- function(n) { e <- new.env(); load(file.path(source_folder, "data", paste0(n, ".rda")), e); as.data.frame(e[[n]]) }
} else {
  library(SetMethods)
  get_data <- function(n) { e <- new.env(); data(list = n, package = "SetMethods", envir = e); as.data.frame(e[[n]]) }
}
rows <- list()
add <- function(case, name, value) rows[[length(rows) + 1]] <<- data.frame(case = case, name = name, value = as.character(value))
quiet <- function(e) { r <- NULL; invisible(capture.output(r <- suppressWarnings(e))); r }

PAYF <- get_data("PAYF"); conds <- c("HE", "GG", "AH", "HI", "HW")
write.csv(cbind(case = rownames(PAYF), PAYF[c(conds, "HL")]), "qca_robustness-payf.csv", row.names = FALSE, quote = FALSE)
m <- function(incl, n, y = "HL", inc = "?") minimize(PAYF, outcome = y, conditions = conds, incl.cut = incl, n.cut = n, include = inc, details = TRUE)
compare <- function(case, IS, TS, y = "HL") {
  add(case, "initial", paste(sort(IS$solution[[1]]), collapse = " + "))
  for (i in seq_along(TS)) add(case, paste0("test", i), paste(sort(TS[[i]]$solution[[1]]), collapse = " + "))
  fit <- rob.fit(TS, IS, y); for (k in colnames(fit)) add(case, k, fit[1, k])
  core <- rob.corefit(TS, IS, y); for (k in names(core)) add(case, k, core[k])
  found <- rob.cases(TS, IS, y); p <- found$CaseParameters; for (k in colnames(p)) add(case, k, p[1, k])
  for (k in names(found$CaseTypes)) { n <- found$CaseTypes[[k]]$CaseNames; add(case, paste0("n_", k), if (identical(n, "No cases in this intersection")) 0 else length(n)) }
}
quiet({
  compare("both", m(.87, 2), list(m(.7, 2), m(.87, 1)))
  compare("inclusion", m(.87, 2), list(m(.7, 2)))
  compare("frequency", m(.87, 2), list(m(.87, 1)))
  compare("conservative", m(.87, 2, inc = ""), list(m(.87, 4, inc = ""), m(.8, 2, inc = "")))
  range <- rob.inclrange(PAYF, step = .001, max.runs = 400, outcome = "HL", conditions = conds, incl.cut = .87, n.cut = 2, include = "?")
  add("ranges", "inclusion_low", range[1, 1]); add("ranges", "inclusion_high", range[2, 1])
  range <- rob.ncutrange(PAYF, step = 1, max.runs = 40, outcome = "HL", conditions = conds, incl.cut = .87, n.cut = 2, include = "?")
  add("ranges", "frequency_low", range[1, 1]); add("ranges", "frequency_high", range[2, 1])
})
# Types of cases under the initial solution.
IS <- m(.87, 2)
d <- cases.suf.dcn(IS, "HL")[[1]]$results
for (term in IS$solution[[1]]) add("types", paste0("kind ", term), sum(d$Term == term))
add("types", "coverage", nrow(cases.suf.dcv(IS, "HL")[[1]]$results))
add("types", "irrelevant", nrow(cases.suf.iir(IS, "HL")[[1]]$results))
# Anchors of one raw condition.
LIPR <- get_data("LIPR"); LIPF <- get_data("LIPF"); lc <- c("DEVELOPED", "URBAN", "LITERATE", "INDUSTRIAL", "STABLE")
write.csv(cbind(case = rownames(LIPF), LIPF[c(lc, "SURVIVED")], RAW = LIPR$DEVELOPED), "qca_robustness-lipf.csv", row.names = FALSE, quote = FALSE)
LIPF$DEVELOPED <- calibrate(LIPR$DEVELOPED, type = "fuzzy", thresholds = c(400, 550, 900))
first <- minimize(LIPF, outcome = "SURVIVED", conditions = lc, incl.cut = .8, n.cut = 1, include = "?")
add("anchors", "initial", paste(sort(first$solution[[1]]), collapse = " + ")); add("anchors", "models", length(first$solution))
shown <- capture.output(quiet(rob.calibrange(raw.data = LIPR, calib.data = LIPF, test.cond.raw = "DEVELOPED", test.cond.calib = "DEVELOPED", test.thresholds = c(400, 550, 900), step = 1, max.runs = 400, outcome = "SURVIVED", conditions = lc, incl.cut = .8, n.cut = 1, include = "?")) -> range)
for (i in seq_len(nrow(range))) for (j in seq_len(ncol(range))) add("anchors", paste(rownames(range)[i], colnames(range)[j]), range[i, j])
write.csv(do.call(rbind, rows), "qca_robustness.csv", row.names = FALSE, quote = TRUE)
