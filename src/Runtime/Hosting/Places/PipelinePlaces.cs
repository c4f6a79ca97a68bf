using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Tasks;

namespace Penstock.Hosting.Places;

/// <summary>
/// Collects all places of a pipeline, and refuses combinations that could lose or duplicate rows before any of them is touched.
/// </summary>
internal static class PipelinePlaces
{
    /// <summary>Checks the places of a pipeline against each other and against those of the other pipelines of the host.</summary>
    /// <exception cref="PipelineException">Two of them conflict; the message names all such pairs.</exception>
    public static void Check(PipelinePlan plan, ExecutionEnvironment environment)
    {
        var own = Of(plan, environment.Name, environment.Options, environment).ToList();
        var others = OthersOf(environment).ToList();
        Refuse(
            ErrorCodes.PlacesConflict,
            $"Pipeline '{environment.Name}' does not start because places that it uses conflict. Nothing has been changed.",
            own.SelectMany((place, index) => own.Skip(index + 1).Concat(others).Select(other => (place, other))));
    }

    /// <summary>Checks the place that a caller passes for a savepoint.</summary>
    /// <exception cref="PipelineException">The place cannot be used for a savepoint.</exception>
    public static void CheckSavepoint(PipelinePlan plan, ExecutionEnvironment environment, string path)
    {
        var savepoint = new Place(environment.Name, "the savepoint", path, PlaceFolder.Of(environment.Files, path))
        {
            IsAlone = true,
            IsWritten = true
        };
        Refuse(
            ErrorCodes.SavepointPlaceTaken,
            $"Pipeline '{environment.Name}' takes no savepoint in '{path}'. The pipeline continues.",
            Of(plan, environment.Name, environment.Options, environment).Concat(OthersOf(environment)).Select(place => (savepoint, place)));
    }

    private static void Refuse(PipelineErrorCode code, string beginning, IEnumerable<(Place One, Place Other)> pairs)
    {
        // A path that may be a file or a folder yields several places, but only one problem.
        var all = pairs.Select(pair => (pair.One.Setting, Other: pair.Other.Setting, Why: PlaceRules.FindConflict(pair.One, pair.Other)))
            .Where(pair => pair.Why != null).DistinctBy(pair => (pair.Setting, pair.Other)).Select(pair => pair.Why).ToList();
        if (all.Count > 0)
        {
            throw new PipelineException(code, $"{beginning}\n- {string.Join("\n- ", all)}");
        }
    }

    private static IEnumerable<Place> OthersOf(ExecutionEnvironment environment) =>
        environment.Services.GetServices<PipelineRegistration>().Where(other => other.Name != environment.Name).SelectMany(other =>
            Of(
                other.Definition.Plan,
                other.Name,
                other.ReadOptions(environment.Services.GetService<IConfiguration>(), out _),
                environment));

    private static IEnumerable<Place> Of(PipelinePlan plan, string pipeline, PipelineOptions options, ExecutionEnvironment environment)
    {
        var reader = new PlaceReader(environment.Files, pipeline);
        var places = new[]
        {
            reader.Folder("the folder of checkpoints", "Checkpoints:Path", options.Checkpoints.Path) is { } checkpoints
                ? checkpoints with { IsAlone = true, IsWritten = true }
                : null,
            reader.Folder("the folder for savepoints", "Savepoints:Path", options.Savepoints.Path) is { } savepoints
                ? savepoints with { IsWritten = true }
                : null,
            reader.Folder("the savepoint to start from", "Savepoints:StartFrom", options.Savepoints.StartFrom) is { } start
                ? start with { IsAlone = true }
                : null,
        }.OfType<Place>();

        // Tests replace the connectors that the pipeline declares.
        var connectors = environment.Connectors == null ? plan.Nodes.Where(node => node.Files != null) : [];
        return places.Concat(connectors.SelectMany(node => node.Kind == PlanNodeKind.Source
            ? reader.Input(node, options)
            : reader.Output(node, options)));
    }
}
