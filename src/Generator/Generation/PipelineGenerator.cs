using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Declarations;
using Penstock.Generator.Diagnostics;
using Penstock.Generator.Emit;
using Penstock.Generator.Equality;
using Penstock.Generator.Fusion;
using Penstock.Generator.Locking;
using Penstock.Generator.Plan;
using Penstock.Generator.Planning;
using Penstock.Generator.Shared;
using Penstock.Generator.Text;
using Penstock.Generator.Validation;
using Penstock.Generator.Words;

namespace Penstock.Generator;

/// <summary>
/// The compiler of pipelines: declarations, logical plan, physical plan, C#. <see cref="Diagnostics.PenstockAnalyzer"/> reports errors. For
/// invalid classes, only the code is generated that the C# compiler needs to run the analyzer. The generator itself reports only errors for
/// which the C# compiler would not run the analyzer.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class PipelineGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var operators = Declared(context, KnownNames.Operator, OperatorReader.Read, StepNames.Operators);
        var operatorPlans = operators
            .Select(static (declared, _) => Compile(declared))
            .WithTrackingName(StepNames.OperatorPlans);
        var operatorCode = operatorPlans.Select(static (found, _) => WriteOperator(found)).WithTrackingName(StepNames.OperatorCode);
        var stateCode = operatorPlans.Select(static (found, _) => WriteState(found)).WithTrackingName(StepNames.StateCode);

        var pipelines = Declared(context, KnownNames.Pipeline, PipelineReader.Read, StepNames.Pipelines);
        var models = pipelines.Select(static (declared, _) => Compile(declared)).WithTrackingName(StepNames.PipelineModels);
        var pipelineCode = models.Select(static (model, _) => WritePlan(model)).WithTrackingName(StepNames.PipelineCode);
        var taskCode = models.SelectMany(static (model, _) => WriteTasks(model)).WithTrackingName(StepNames.TaskCode);
        var keyCode = models.Select(static (model, _) => WriteKeys(model)).WithTrackingName(StepNames.KeyCode);
        var codecCode = models.Select(static (model, _) => WriteCodecs(model)).WithTrackingName(StepNames.CodecCode);
        var rowCode = models.Select(static (model, _) => WriteRowCodecs(model)).WithTrackingName(StepNames.RowCode);
        var testCode = models.Select(static (model, _) => WriteTestTasks(model)).WithTrackingName(StepNames.TestCode);

        var strays = context.SyntaxProvider
            .CreateSyntaxProvider(
                static (node, _) => StrayReader.IsCandidate(node),
                static (found, cancellation) => DeclarationCache<StrayDeclaration>.GetOrRead(
                    (TypeDeclarationSyntax)found.Node,
                    found.SemanticModel,
                    StrayReader.IsFirstPart,
                    StrayReader.Read,
                    cancellation))
            .Where(static declared => declared != null)
            .Select(static (declared, _) => declared!)
            .WithTrackingName(StepNames.Strays);

        var ambiguous = operators.Select(static (declared, _) => declared.Class.HintName).Collect()
            .Combine(pipelines.Select(static (declared, _) => declared.Class.HintName).Collect())
            .Select(static (names, _) => HintNames.FindAmbiguous(names.Left.Concat(names.Right)))
            .WithTrackingName(StepNames.AmbiguousNames);

        // A file of comments, which the build copies to the lock because generators cannot write it. It is generated only if there is a
        // lock.
        var hasLock = context.AdditionalTextsProvider.Where(LockAnalysis.IsLock).Collect().Select(static (locks, _) => !locks.IsEmpty);
        context.RegisterSourceOutput(models.Collect().Combine(hasLock), static (output, found) => AddLock(output, found.Left, found.Right));

        context.RegisterSourceOutput(operatorCode.Combine(ambiguous), static (output, file) => Add(output, file.Left, file.Right));
        context.RegisterSourceOutput(stateCode.Combine(ambiguous), static (output, file) => Add(output, file.Left, file.Right));
        context.RegisterSourceOutput(pipelineCode.Combine(ambiguous), static (output, file) => Add(output, file.Left, file.Right));
        context.RegisterSourceOutput(taskCode.Combine(ambiguous), static (output, file) => Add(output, file.Left, file.Right));
        context.RegisterSourceOutput(keyCode.Combine(ambiguous), static (output, file) => Add(output, file.Left, file.Right));
        context.RegisterSourceOutput(codecCode.Combine(ambiguous), static (output, file) => Add(output, file.Left, file.Right));
        context.RegisterSourceOutput(rowCode.Combine(ambiguous), static (output, file) => Add(output, file.Left, file.Right));
        context.RegisterSourceOutput(testCode.Combine(ambiguous), static (output, file) => Add(output, file.Left, file.Right));
        context.RegisterSourceOutput(
            strays.Select(static (declared, _) => SkeletonEmitter.Emit(declared)).Combine(ambiguous),
            static (output, file) => Add(output, file.Left, file.Right));

        ReportHidden(
            context,
            operatorPlans.Where(static found => found.Plan == null).Select(static (found, _) => found.Class));
        ReportHidden(context, models.Where(static compiled => compiled.Model == null).Select(static (compiled, _) => compiled.Class));
        ReportHidden(context, strays.Select(static (declared, _) => declared.Class));
    }

    // The only step that examines the whole program, and only while a class in it is invalid.
    private static void ReportHidden(
        IncrementalGeneratorInitializationContext context,
        IncrementalValuesProvider<ClassDeclaration> wrong) =>
        context.RegisterSourceOutput(wrong.Combine(context.CompilationProvider), static (output, found) =>
        {
            foreach (var diagnostic in HiddenDiagnostics.Of(found.Left, found.Right, output.CancellationToken))
            {
                output.ReportDiagnostic(diagnostic);
            }
        });

    // ForAttributeWithMetadataName would bind the attributes of every class after every keystroke, which takes longer than everything else.
    // Here nothing is bound until something changes on which the declaration depends.
    private static IncrementalValuesProvider<T> Declared<T>(
        IncrementalGeneratorInitializationContext context,
        string attribute,
        Func<INamedTypeSymbol, Compilation, T?> read,
        string step)
        where T : class =>
        context.SyntaxProvider
            .CreateSyntaxProvider(
                static (node, _) => ClassReader.IsAttributedClass(node),
                (found, cancellation) => DeclarationCache<T>.GetOrRead(
                    (TypeDeclarationSyntax)found.Node,
                    found.SemanticModel,
                    attribute,
                    read,
                    cancellation))
            .Where(static declared => declared != null)
            .Select(static (declared, _) => declared!)
            .WithTrackingName(step);

    private static CompiledOperator Compile(OperatorDeclaration declared) => OperatorBuilder.Build(declared) is { } plan
        ? new CompiledOperator(declared.Class, plan, null)
        : new CompiledOperator(declared.Class, null, SkeletonEmitter.Emit(declared));

    private static GeneratedFile? WriteOperator(CompiledOperator compiled) =>
        compiled.Plan is { } plan
            ? new GeneratedFile(plan.Class.HintName, "Operator", OperatorEmitter.Emit(plan))
            : compiled.Skeleton;

    private static GeneratedFile? WriteState(CompiledOperator compiled) =>
        compiled.Plan is { } plan && OperatorEmitter.EmitState(plan) is { } state
            ? new GeneratedFile(plan.Class.HintName, "State", state)
            : null;

    private static CompiledPipeline Compile(PipelineDeclaration declared)
    {
        var plan = PlanBuilder.Build(declared);
        if (!PipelineRules.CanEmit(declared, plan))
        {
            return new CompiledPipeline(declared.Class, null, SkeletonEmitter.Emit(declared));
        }

        var production = Fuser.Fuse(plan);
        var model = new PipelineModel(
            declared.Class,
            declared.Name,
            declared.Streams
                .Select(static stream => new StreamHandle(stream.Property, stream.Accessibility, stream.DeclaredType, stream.Id))
                .ToEquatableArray(),
            declared.TakenNames,
            declared.RemovedState,
            production,
            Taps.Of(plan) is { } tapped ? TestedPlan.Of(production, Fuser.Fuse(tapped)) : null)
        {
            Parallelism = declared.Parallelism,
            MaxDrift = Durations.TryParse(declared.MaxDrift, out var drift) ? Math.Min(drift, TimeSpan.MaxValue.Ticks / 10) : null,
        };
        return new CompiledPipeline(declared.Class, model, null);
    }

    private static GeneratedFile? WritePlan(CompiledPipeline compiled) =>
        compiled.Model is { } model
            ? new GeneratedFile(model.Class.HintName, "Pipeline", PipelineEmitter.EmitPlan(model))
            : compiled.Skeleton;

    private static IEnumerable<GeneratedFile> WriteTasks(CompiledPipeline compiled) =>
        compiled.Model is { } model
            ? PipelineEmitter.EmitTasks(model).Select((task, index) => new GeneratedFile(model.Class.HintName, $"Task{index}", task))
            : [];

    private static GeneratedFile? WriteKeys(CompiledPipeline compiled) =>
        compiled.Model is { } model && PipelineEmitter.EmitKeys(model) is { } keys
            ? new GeneratedFile(model.Class.HintName, "Keys", keys)
            : null;

    private static GeneratedFile? WriteCodecs(CompiledPipeline compiled) =>
        compiled.Model is { } model && CodecFiles.EmitOutside(model) is { } codecs
            ? new GeneratedFile(model.Class.HintName, "Codecs", codecs)
            : null;

    private static GeneratedFile? WriteRowCodecs(CompiledPipeline compiled) =>
        compiled.Model is { } model && CodecFiles.EmitRows(model) is { } codecs
            ? new GeneratedFile(model.Class.HintName, "Rows", codecs)
            : null;

    private static GeneratedFile? WriteTestTasks(CompiledPipeline compiled) =>
        compiled.Model is { } model && PipelineEmitter.EmitTestTasks(model) is { } tasks
            ? new GeneratedFile(model.Class.HintName, "Testing", tasks)
            : null;

    private static void AddLock(SourceProductionContext output, ImmutableArray<CompiledPipeline> pipelines, bool hasLock)
    {
        if (hasLock && pipelines.All(static compiled => compiled.Model != null))
        {
            var text =
                LockFile.Write(pipelines.Select(static compiled => (compiled.Model!.Name, LockedState.Of(compiled.Model.Plan.Logical))));
            output.AddSource(LockFile.Name + ".g.cs", string.Concat(text.TrimEnd('\n').Split('\n').Select(static line => $"// {line}\n")));
        }
    }

    private static void Add(SourceProductionContext output, GeneratedFile? file, EquatableArray<string> ambiguous)
    {
        if (file != null)
        {
            output.AddSource(HintNames.For(file, ambiguous), file.Text);
        }
    }
}

/// <summary>The result for an operator.</summary>
/// <param name="Class">Its class.</param>
/// <param name="Plan">The operator, if it is valid.</param>
/// <param name="Skeleton">If it is invalid, the code that the project needs to compile, so that the analyzer runs.</param>
internal sealed record CompiledOperator(ClassDeclaration Class, OperatorPlan? Plan, GeneratedFile? Skeleton);

/// <summary>The result for a pipeline.</summary>
/// <param name="Class">Its class.</param>
/// <param name="Model">The pipeline, if it is valid.</param>
/// <param name="Skeleton">If it is invalid, the code that the project needs to compile, so that the analyzer runs.</param>
internal sealed record CompiledPipeline(ClassDeclaration Class, PipelineModel? Model, GeneratedFile? Skeleton);
