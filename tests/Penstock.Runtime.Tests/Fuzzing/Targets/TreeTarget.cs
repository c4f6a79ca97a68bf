using System.Text;
using Penstock.Connectors;
using Penstock.Runtime.Tests.Formats.Json.Trees;
using Penstock.Sources.Files;

namespace Penstock.Runtime.Tests.Fuzzing.Targets;

/// <summary>
/// JSON Lines whose rows are trees: for every division of a file the rows are the same, and no row comes from invalid JSON.
/// </summary>
internal sealed class TreeTarget : IFuzzTarget
{
    private const string Path = "/in/rows.jsonl";

    public string Name => "tree";

    public void Run(Random random)
    {
        var trees = new RandomTrees(random.Next());
        var text = TreeText.Write<TreePipeline, Tree>("TreeJsonWriter", Enumerable.Range(0, random.Next(4)).Select(trees.Next));
        var content = Mutator.Mutate(random, Encoding.UTF8.GetBytes(text));
        Reading.Of(random, content, Path, Open).MustBe(Reading.Of(content, Path, Open), Encoding.UTF8.GetString(content));

        var line = Mutator.Mutate(
            random,
            Encoding.UTF8.GetBytes(TreeText.Write<TreePipeline, Tree>("TreeJsonWriter", trees.Next(0)).TrimEnd('\n')));
        JsonObjects.MustBeWhereRowsAre(line, Reading.Of(line, Path, Open).Rows.Count);
    }

    private static ISource<Tree> Open(FileSourceOptions options) => TreeText.Source<TreePipeline, Tree>("JsonReader", options);
}
