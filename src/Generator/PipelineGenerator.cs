using Microsoft.CodeAnalysis;
using Penstock.Generator.Declarations;
using Penstock.Generator.Emit;
using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;
using Penstock.Generator.Validation;

namespace Penstock.Generator;

/// <summary>
/// The compiler of pipelines: declarations, logical plan, physical plan, C#. It is silent: what is wrong is reported by
/// <see cref="Diagnostics.PenstockAnalyzer"/>, and nothing is generated for it.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class PipelineGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var operators = Declared(context, KnownNames.OperatorAttribute, OperatorReader.Read, StepNames.Operators);
        var operatorCode = operators.Select(static (declared, _) => WriteOperator(declared)).WithTrackingName(StepNames.OperatorCode);

        var pipelines = Declared(context, KnownNames.PipelineAttribute, PipelineReader.Read, StepNames.Pipelines);
        var models = pipelines.Select(static (declared, _) => Compile(declared)).WithTrackingName(StepNames.PipelineModels);
        var pipelineCode = models.Select(static (model, _) => WriteTasks(model)).WithTrackingName(StepNames.PipelineCode);
        var codecCode = models.Select(static (model, _) => WriteCodecs(model)).WithTrackingName(StepNames.CodecCode);

        var ambiguous = operators.Select(static (declared, _) => declared.Class.HintName).Collect()
            .Combine(pipelines.Select(static (declared, _) => declared.Class.HintName).Collect())
            .Select(static (names, _) => HintNames.FindAmbiguous(names.Left.Concat(names.Right)))
            .WithTrackingName(StepNames.AmbiguousNames);

        context.RegisterSourceOutput(operatorCode.Combine(ambiguous), static (output, file) => Add(output, file.Left, file.Right));
        context.RegisterSourceOutput(pipelineCode.Combine(ambiguous), static (output, file) => Add(output, file.Left, file.Right));
        context.RegisterSourceOutput(codecCode.Combine(ambiguous), static (output, file) => Add(output, file.Left, file.Right));
    }

    private static IncrementalValuesProvider<T> Declared<T>(
        IncrementalGeneratorInitializationContext context,
        string attribute,
        Func<INamedTypeSymbol, Compilation, T?> read,
        string step)
        where T : class =>
        context.SyntaxProvider
            .ForAttributeWithMetadataName(
                attribute,
                static (node, _) => ClassReader.IsClass(node),
                (found, _) => IsFirstPart(found) ? read((INamedTypeSymbol)found.TargetSymbol, found.SemanticModel.Compilation) : null)
            .Where(static declared => declared != null)
            .Select(static (declared, _) => declared!)
            .WithTrackingName(step);

    // Two parts of one class may both carry the attribute, which is the compiler's error to report, and must not be two files.
    private static bool IsFirstPart(GeneratorAttributeSyntaxContext found)
    {
        var reference = found.TargetSymbol.GetAttributes()
            .First(attribute => SymbolEqualityComparer.Default.Equals(attribute.AttributeClass, found.Attributes[0].AttributeClass))
            .ApplicationSyntaxReference;
        return reference != null && reference.SyntaxTree == found.TargetNode.SyntaxTree && found.TargetNode.Span.Contains(reference.Span);
    }

    private static GeneratedFile? WriteOperator(OperatorDeclaration declared) =>
        OperatorRules.CanEmit(declared) ? new GeneratedFile(declared.Class.HintName, "Operator", OperatorEmitter.Emit(declared)) : null;

    private static PipelineModel? Compile(PipelineDeclaration declared)
    {
        var plan = PlanBuilder.Build(declared);
        return PipelineRules.CanEmit(declared, plan)
            ? new PipelineModel(
                declared.Class,
                declared.Name,
                declared.Streams.Select(static stream => new StreamHandle(stream.Property, stream.Modifiers, stream.DeclaredType, stream.Id)).ToEquatableArray(),
                declared.TakenNames,
                Fuser.Fuse(plan))
            : null;
    }

    private static GeneratedFile? WriteTasks(PipelineModel? model) =>
        model == null ? null : new GeneratedFile(model.Class.HintName, "Pipeline", PipelineEmitter.EmitTasks(model));

    private static GeneratedFile? WriteCodecs(PipelineModel? model) =>
        model != null && PipelineEmitter.EmitCodecs(model) is { } codecs ? new GeneratedFile(model.Class.HintName, "Codecs", codecs) : null;

    private static void Add(SourceProductionContext output, GeneratedFile? file, EquatableArray<string> ambiguous)
    {
        if (file != null)
        {
            output.AddSource(HintNames.For(file, ambiguous), file.Text);
        }
    }
}
