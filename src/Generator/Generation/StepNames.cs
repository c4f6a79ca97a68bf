namespace Penstock.Generator;

/// <summary>The names of the generator's steps, which the caching tests use.</summary>
internal static class StepNames
{
    public const string Operators = "Penstock.Operators";
    public const string OperatorPlans = "Penstock.OperatorPlans";
    public const string OperatorCode = "Penstock.OperatorCode";
    public const string StateCode = "Penstock.StateCode";
    public const string Pipelines = "Penstock.Pipelines";
    public const string PipelineModels = "Penstock.PipelineModels";
    public const string PipelineCode = "Penstock.PipelineCode";
    public const string TaskCode = "Penstock.TaskCode";
    public const string KeyCode = "Penstock.KeyCode";
    public const string CodecCode = "Penstock.CodecCode";
    public const string RowCode = "Penstock.RowCode";
    public const string TestCode = "Penstock.TestCode";
    public const string Strays = "Penstock.Strays";
    public const string AmbiguousNames = "Penstock.AmbiguousNames";

    public static IReadOnlyList<string> All { get; } =
    [
        Operators, OperatorPlans, OperatorCode, StateCode, Pipelines, PipelineModels, PipelineCode, TaskCode, KeyCode, CodecCode,
        RowCode, TestCode, AmbiguousNames,
    ];
}
