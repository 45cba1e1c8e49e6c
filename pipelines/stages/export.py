"""Stage export: conversations and scenarios become the SafeRec and PENGUIN folders."""

from __future__ import annotations

from pathlib import Path

from builder.explanations.renderer import Renderer
from builder.export.choose import ExportChoices, ExportRule, RowChooser, choose_rows
from builder.export.evenness import limit_trait_shares, trait_shares
from builder.export.naming import Names
from builder.export.release import by_place, write_penguin, write_saferec
from builder.records import Conversation, Item, Review, Scenario, SplitRow
from builder.synthesis.answers.reasoning import Reasoner
from builder.synthesis.assign.balance import Targets
from builder.tables import iter_table, read_table
from builder.taxonomy import Taxonomy
from pipelines.runtime.stage import Job, StageParams, run_stage


class Params(StageParams, ExportChoices):
    """What a row of the release needs, and how evenly traits should stand."""

    reads_also = ("balance",)
    balance: Targets

    def rule(self) -> ExportRule:
        """Return by which rule rows are chosen."""
        least = self.balance.min_groundtruth_train
        return ExportRule(**self.model_dump(exclude={"balance"}), min_groundtruth_train=least)


def main(
    job: Job,
    params: Params,
    *,
    taxonomy: Path,
    items: Path,
    conversations: Path,
    reviews: Path,
    scenarios: Path,
    splits: Path,
    saferec: Path,
    penguin: Path,
) -> None:
    """Choose the rows, write both folders."""
    tree, names = Taxonomy.load(taxonomy), Names(iter_table(items, Item))
    traits, reasoner = tuple(tree.traits), Reasoner(tree, Renderer(tree), job.seed)
    rule = params.rule()
    chooser = RowChooser(
        rule,
        names,
        {row.dialog_id: row.split for row in iter_table(splits, SplitRow)},
        {review.conversation_id: review for review in iter_table(reviews, Review)},
        traits,
    )
    written = read_table(conversations, Conversation)
    people = read_table(scenarios, Scenario)
    job.rows_in |= {"conversations": len(written), "scenarios": len(people)}
    chosen = choose_rows(job.track(written), chooser, job.reject)
    places = limit_trait_shares(by_place(chosen), params.balance, job.seed, job.reject)
    job.rows_out |= {f"{config}_{split}": len(rows) for (config, split), rows in places.items()}
    job.figures["traits"] = {
        f"{config}_{split}": trait_shares(rows, params.balance, split, traits)
        for (config, split), rows in places.items()
    }
    job.figures["groundtruth_of_alternatives"] = sum(
        row.truth_from == "alternatives" for rows in places.values() for row in rows
    )
    write_saferec(saferec, places, names, traits, reasoner, rule, job.seed)
    job.rows_out["penguin"] = write_penguin(penguin, people)


if __name__ == "__main__":
    run_stage(main)
